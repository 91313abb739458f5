import { apiConfig, cdnConfig, commonConfig, loadConfig } from "@shoebox/shared/config";
import { z } from "zod";

/** What the functions of the catalog are told by their environment; nothing else reads it. */
export const config = loadConfig({
  ...commonConfig,
  ...apiConfig,
  ...cdnConfig,
  IMAGES_TABLE: z.string().min(1),
  /** The name of the queue of the service's reconciliation. */
  RECONCILE_QUEUE: z.string().min(1),
  /** Segments of a snapshot: scans of the table at the same time. */
  SNAPSHOT_SEGMENTS: z.coerce.number().int().min(1).max(100),
});
