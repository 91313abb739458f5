import { createHash } from "node:crypto";
import type { ChaosSettings } from "./settings.ts";

/** At which of its calls of AWS a function dies (1 is the first), and whether that call still arrives. */
export interface Death {
  call: number;
  arrives: boolean;
}

/** What becomes of one delivery. */
export interface Fate {
  /** Milliseconds it is held back; mostly none. */
  delay: number;
  twice: boolean;
  death: Death | undefined;
  /** From 0 to 1: its place among those it is delivered with. */
  order: number;
}

export interface Chaos {
  /** The fate of the next delivery at a place: a queue, a function, a stream. */
  next(place: string): Fate;
}

/** A function makes some calls for each of its records; most die among the first of them. */
const CALLS = 8;

/**
 * Decides by the seed alone: the n-th delivery of a place has the same fate in every run. What that
 * delivery is depends on the machine's timing, so two runs are alike and not the same.
 */
export function createChaos(settings: ChaosSettings): Chaos {
  const delivered = new Map<string, number>();
  return {
    next(place) {
      const number = (delivered.get(place) ?? 0) + 1;
      delivered.set(place, number);
      const digest = createHash("sha256").update(`${settings.seed} ${place} ${number}`).digest();
      const draw = (at: number) => digest.readUInt32LE(at * 4) / 2 ** 32;
      return {
        delay: draw(0) < settings.delay ? Math.round(draw(1) * settings.late) : 0,
        twice: draw(2) < settings.duplicate,
        death:
          draw(3) < settings.crash
            ? { call: 1 + Math.floor(draw(4) * CALLS), arrives: draw(5) < 0.5 }
            : undefined,
        order: draw(6),
      };
    },
  };
}
