import { createHash } from "node:crypto";
import type { Outcome } from "@shoebox/processing/domain/job";
import { presets } from "@shoebox/processing/domain/presets";
import type { Rejection } from "@shoebox/processing/domain/reasons";
import { decode } from "@shoebox/processing/pipeline/decode";
import { type Description, describe } from "@shoebox/processing/pipeline/describe";
import { eicarScanner } from "@shoebox/processing/pipeline/eicar-scanner";
import { fetch } from "@shoebox/processing/pipeline/fetch";
import { identify } from "@shoebox/processing/pipeline/identify";
import type { OriginalFile } from "@shoebox/processing/pipeline/original-file";
import type { Upload } from "@shoebox/processing/pipeline/pipeline";
import { type Rendered, render } from "@shoebox/processing/pipeline/render";
import { scan } from "@shoebox/processing/pipeline/scan";
import { type Limits, runSteps, type Step, type Workshop } from "@shoebox/processing/pipeline/step";
import { store } from "@shoebox/processing/pipeline/store";
import type { ContentType } from "@shoebox/shared/image";

export const LIMITS: Limits = { maxBytes: 524_288_000, maxPixels: 1e8, timeoutSeconds: 30 };

/** What the real steps between scanning and storing found in a picture, or why they refused it. */
type Found =
  | {
      kind: "rendered";
      seen: { width: number; height: number };
      description: Description;
      rendered: Rendered[];
    }
  | { kind: "refused"; rejection: Rejection };

const remembered = new Map<string, Found>();

/**
 * Runs sharp over a picture once, before any simulation: decoding takes real time on real threads,
 * whose order no seed can decide. In the simulation the same bytes have the same result.
 */
export async function remember(bytes: Buffer, contentType: ContentType): Promise<void> {
  const known = { original: bytes, contentType };
  const workshop = { preset: presets.default, limits: LIMITS, scanner: eicarScanner } as Workshop;
  const ran = await runSteps([identify, decode, describe, render] as const, known, workshop);
  remembered.set(
    digestOf(bytes),
    ran.kind === "rejected"
      ? { kind: "refused", rejection: ran.rejection }
      : { kind: "rendered", ...pickFound(ran.known) },
  );
}

/** What the pictures of a run look like; the invariants compare what is served with what was verified. */
export function foundIn(bytes: Buffer): Found {
  const found = remembered.get(digestOf(bytes));
  if (!found) throw new Error("A picture of the simulation was never run through the pipeline.");
  return found;
}

const recall: Step<
  { original: OriginalFile },
  { seen: { width: number; height: number }; description: Description; rendered: Rendered[] }
> = {
  name: "remembered",
  async run({ original }) {
    if (typeof original === "string") throw new Error("Pictures of the simulation are small.");
    const found = foundIn(original);
    if (found.kind === "refused") throw found.rejection;
    return pickFound(found);
  },
};

/** The worker's pipeline: its own steps over the world's stores, but for what sharp does. */
export async function rememberedPipeline(upload: Upload, workshop: Workshop): Promise<Outcome> {
  const ran = await runSteps([fetch, scan, recall, store] as const, upload, workshop);
  if (ran.kind === "rejected") {
    return { kind: "rejected", reason: ran.rejection.reason, steps: ran.steps };
  }
  const { seen, description, renditions } = ran.known;
  return { kind: "processed", result: { ...seen, ...description, renditions }, steps: ran.steps };
}

function pickFound<S, D, R>({
  seen,
  description,
  rendered,
}: {
  seen: S;
  description: D;
  rendered: R;
}) {
  return { seen, description, rendered };
}

function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
