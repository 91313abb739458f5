import type { ContentType } from "@shoebox/shared/image";
import type { Outcome } from "../domain/job.ts";
import { decode } from "./decode.ts";
import { describe } from "./describe.ts";
import { fetch } from "./fetch.ts";
import { free } from "./free.ts";
import { identify } from "./identify.ts";
import type { OriginalRef } from "./ports.ts";
import { render } from "./render.ts";
import { scan } from "./scan.ts";
import { runSteps, type Workshop } from "./step.ts";
import { store } from "./store.ts";

/** What an upload says of itself. */
export interface Upload extends OriginalRef {
  imageId: string;
  contentType: ContentType;
  /** Bytes. */
  size: number;
  correlationId: string;
}

const steps = [fetch, scan, identify, decode, describe, render, store] as const;

/** Takes an upload through all steps. Resolves with how it ended for good; throws what is worth another try. */
export async function processUpload(upload: Upload, workshop: Workshop): Promise<Outcome> {
  const ran = await runSteps(steps, upload, workshop);
  if (ran.kind === "rejected") {
    return { kind: "rejected", reason: ran.rejection.reason, steps: ran.steps };
  }
  const { seen, description, renditions, original, base } = ran.known;
  // All that read them have ended. Left to V8, a few megabytes a picture beside a small heap make it
  // look through the whole heap at every other picture: a tenth of all processor time.
  for (const memory of [original, base.data]) if (typeof memory !== "string") free(memory);
  return { kind: "processed", result: { ...seen, ...description, renditions }, steps: ran.steps };
}
