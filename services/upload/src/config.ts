import { apiConfig, commonConfig, loadConfig } from "@shoebox/shared/config";
import { z } from "zod";

/** What the functions of the upload service are told by their environment; nothing else reads it. */
export const config = loadConfig({
  ...commonConfig,
  ...apiConfig,
  UPLOADS_TABLE: z.string().min(1),
  /** The name of the queue of the service's reconciliation. */
  RECONCILE_QUEUE: z.string().min(1),
  ORIGINALS_BUCKET: z.string().min(1),
  /** What one user's uploads may take together: those that are awaited and those that are there. */
  QUOTA_BYTES: z.coerce.number().int().positive(),
  QUOTA_IMAGES: z.coerce.number().int().positive(),
  /** Whether GuardDuty scans the originals of this environment, and nothing goes on that it has not found clean. */
  MALWARE_SCAN: z.enum(["required", "none"]),
});
