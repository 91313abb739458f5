import { authorizerConfig } from "@shoebox/shared/auth/authorizer";
import { commonConfig } from "@shoebox/shared/config";
import { MAX_SINGLE_UPLOAD_BYTES } from "@shoebox/shared/image";
import { z } from "zod";
import { type PresetName, presets } from "./domain/presets.ts";

const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]];

/** Everything that a deployment may decide; nothing else of this service reads the environment. */
export const processingConfig = {
  ...commonConfig,
  ...authorizerConfig,
  CORS_ORIGINS: z.string().transform((origins) => origins.split(",").filter(Boolean)),
  JOBS_TABLE: z.string().min(1),
  ORIGINALS_BUCKET: z.string().min(1),
  PROCESSED_BUCKET: z.string().min(1),
  PRESET: z.enum(presetNames).default("default"),
  /** Bytes. Larger originals are rejected before they are read. */
  MAX_ORIGINAL_BYTES: z.coerce.number().int().positive().default(MAX_SINGLE_UPLOAD_BYTES),
  /** Width × height, checked before anything is decoded. The README has the memory that follows from it. */
  MAX_PIXELS: z.coerce.number().int().positive().default(100_000_000),
  /** Seconds that libvips may work on one picture before it is rejected as too complex. */
  DECODE_TIMEOUT_SECONDS: z.coerce.number().int().positive().default(30),
  /** Where a clamd listens; without it the built-in scanner knows the EICAR test file only. */
  CLAMD_HOST: z.string().min(1).optional(),
  CLAMD_PORT: z.coerce.number().int().min(1).max(65_535).default(3310),
} as const;

export type ProcessingConfig = z.infer<z.ZodObject<typeof processingConfig>>;
