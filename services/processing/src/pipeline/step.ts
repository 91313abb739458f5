import type { StepTime } from "../domain/job.ts";
import type { Preset } from "../domain/presets.ts";
import { Rejection } from "../domain/reasons.ts";
import type { Originals, RenditionStore, Scanner } from "./ports.ts";
import { createScratch, type Scratch } from "./scratch.ts";

export interface Limits {
  /** Bytes of an original. */
  maxBytes: number;
  /** Width × height. */
  maxPixels: number;
  timeoutSeconds: number;
}

/** What steps work with; the same for all pictures. */
export interface Workshop {
  originals: Originals;
  renditions: RenditionStore;
  scanner: Scanner;
  preset: Preset;
  limits: Limits;
}

/** One step: what it needs of what is known so far, and what it adds to it. It changes nothing that is there. */
export interface Step<Needs, Adds> {
  name: string;
  run: (known: Readonly<Needs>, workshop: Workshop & { scratch: Scratch }) => Promise<Adds>;
}

/** What is known after all steps; `never` when a step needs what no step before it gives. */
type Known<K, S> = S extends readonly [Step<infer Needs, infer Adds>, ...infer Rest]
  ? K extends Needs
    ? Known<K & Adds, Rest>
    : never
  : K;

export type Ran<K> =
  | { kind: "finished"; known: K; steps: StepTime[] }
  | { kind: "rejected"; rejection: Rejection; steps: StepTime[] };

/**
 * Runs the steps in order and times each. A Rejection ends the run as a result; whatever else is
 * thrown is thrown on. Temporary files are gone afterwards, however it ends.
 */
export async function runSteps<K extends object, const S extends readonly Step<never, object>[]>(
  steps: S,
  start: K,
  workshop: Workshop,
): Promise<Ran<Known<K, S>>> {
  const times: StepTime[] = [];
  const scratch = createScratch();
  let known: object = start;
  try {
    for (const step of steps) {
      const began = performance.now();
      try {
        known = { ...known, ...(await step.run(known as never, { ...workshop, scratch })) };
      } finally {
        times.push({ name: step.name, ms: Math.round((performance.now() - began) * 10) / 10 });
      }
    }
    return { kind: "finished", known: known as Known<K, S>, steps: times };
  } catch (error) {
    if (error instanceof Rejection) return { kind: "rejected", rejection: error, steps: times };
    throw error;
  } finally {
    await scratch.remove();
  }
}
