import { apiConfig, commonConfig, loadConfig } from "@shoebox/shared/config";
import { z } from "zod";
import { workshopConfig } from "./workshop.ts";

/** What the functions of the processing service are told by their environment; nothing else reads it. */
export const config = loadConfig({
  ...commonConfig,
  ...apiConfig,
  ...workshopConfig,
  JOBS_TABLE: z.string().min(1),
  /** The name of the queue of the service's reconciliation. */
  RECONCILE_QUEUE: z.string().min(1),
  ORIGINALS_BUCKET: z.string().min(1),
  PROCESSED_BUCKET: z.string().min(1),
  /** What serves the renditions, and must forget those of deleted images. */
  CDN_DISTRIBUTION_ID: z.string().min(1),
  /** Whose copies at the CDN are removed: of all images that were shown, or of public ones only; the others' URLs end by themselves. */
  CDN_FORGETS: z.enum(["shown", "public"]).default("shown"),
});
