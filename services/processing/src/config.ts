import { apiConfig, commonConfig, loadConfig } from "@shoebox/shared/config";
import { z } from "zod";
import { workshopConfig } from "./workshop.ts";

/** What the functions of the processing service are told by their environment; nothing else reads it. */
export const config = loadConfig({
  ...commonConfig,
  ...apiConfig,
  ...workshopConfig,
  JOBS_TABLE: z.string().min(1),
  ORIGINALS_BUCKET: z.string().min(1),
  PROCESSED_BUCKET: z.string().min(1),
});
