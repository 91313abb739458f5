import { MAX_UPLOAD_BYTES } from "@shoebox/shared/image";
import { z } from "zod";
import { createClamdScanner } from "./adapters/clamd-scanner.ts";
import { type PresetName, presets } from "./domain/presets.ts";
import { eicarScanner } from "./pipeline/eicar-scanner.ts";
import type { Originals, RenditionStore } from "./pipeline/ports.ts";
import type { Workshop } from "./pipeline/step.ts";

/** Milliseconds without a byte from clamd. */
const CLAMD_SILENCE = 20_000;

const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]];

/** What a deployment may decide about the pipeline; all of it has a default. */
export const workshopConfig = {
  PRESET: z.enum(presetNames).default("default"),
  /** Bytes. Larger originals are rejected before they are read. */
  MAX_ORIGINAL_BYTES: z.coerce.number().int().positive().default(MAX_UPLOAD_BYTES),
  /** Width × height, checked before anything is decoded. The README has the memory that follows from it. */
  MAX_PIXELS: z.coerce.number().int().positive().default(100_000_000),
  /** Seconds that libvips may work on one picture before it is rejected as too complex. */
  DECODE_TIMEOUT_SECONDS: z.coerce.number().int().positive().default(30),
  /** Where a clamd listens; without it the built-in scanner knows the EICAR test file only. */
  CLAMD_HOST: z.string().min(1).optional(),
  CLAMD_PORT: z.coerce.number().int().min(1).max(65_535).default(3310),
} as const;

/** The pipeline's tools as a deployment configures them. */
export function createWorkshop(
  config: z.infer<z.ZodObject<typeof workshopConfig>>,
  storage: { originals: Originals; renditions: RenditionStore },
): Workshop {
  const { CLAMD_HOST: host, CLAMD_PORT: port } = config;
  return {
    ...storage,
    scanner:
      host === undefined
        ? eicarScanner
        : createClamdScanner({ host, port, timeout: CLAMD_SILENCE }),
    preset: presets[config.PRESET],
    limits: {
      maxBytes: config.MAX_ORIGINAL_BYTES,
      maxPixels: config.MAX_PIXELS,
      timeoutSeconds: config.DECODE_TIMEOUT_SECONDS,
    },
  };
}
