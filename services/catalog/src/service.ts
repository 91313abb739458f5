import { createDocumentClient } from "@shoebox/shared/aws/document";
import { createIdempotencyTable } from "@shoebox/shared/aws/idempotency-table";
import { createQueue } from "@shoebox/shared/aws/queue";
import { createReconciliationTable } from "@shoebox/shared/aws/reconciliation-table";
import { createLogger } from "@shoebox/shared/log";
import { createImagesTable } from "./adapters/images-table.ts";
import { createSnapshotTable } from "./adapters/snapshot-table.ts";
import { config } from "./config.ts";

const documents = createDocumentClient();

/** What the functions of the catalog share, built once per process. */
export const service = {
  documents,
  log: createLogger(config.SERVICE, config.LOG_LEVEL),
  images: createImagesTable(documents, config.IMAGES_TABLE),
  idempotency: createIdempotencyTable(documents, config.IMAGES_TABLE),
  reconciliations: createReconciliationTable(documents, config.IMAGES_TABLE),
  reconcileQueue: createQueue(config.RECONCILE_QUEUE),
  snapshots: createSnapshotTable(documents, config.IMAGES_TABLE),
  segments: config.SNAPSHOT_SEGMENTS,
  now: Date.now,
};
