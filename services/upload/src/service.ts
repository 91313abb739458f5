import { setTimeout as pause } from "node:timers/promises";
import { createDocumentClient } from "@shoebox/shared/aws/document";
import { createIdempotencyTable } from "@shoebox/shared/aws/idempotency-table";
import { createQueue } from "@shoebox/shared/aws/queue";
import { createReconciliationTable } from "@shoebox/shared/aws/reconciliation-table";
import { createLogger } from "@shoebox/shared/log";
import { createMultipartUploads } from "./adapters/multipart-uploads.ts";
import { createOriginals } from "./adapters/originals.ts";
import { createPartUrls } from "./adapters/part-urls.ts";
import { createPostForms } from "./adapters/post-forms.ts";
import { createS3Client } from "./adapters/s3-client.ts";
import { createSessionsTable } from "./adapters/sessions-table.ts";
import { createUppyEndpoints } from "./adapters/uppy-endpoints.ts";
import { config } from "./config.ts";

const tables = createDocumentClient();
const s3 = createS3Client();

/** What the functions of the upload service share, built once per process. */
export const service = {
  tables,
  log: createLogger(config.SERVICE, config.LOG_LEVEL),
  sessions: createSessionsTable(tables, config.UPLOADS_TABLE),
  originals: createOriginals(s3, config.ORIGINALS_BUCKET),
  postForms: await createPostForms(s3, config.ORIGINALS_BUCKET),
  multipartUploads: createMultipartUploads(s3, config.ORIGINALS_BUCKET),
  partUrls: await createPartUrls(s3, config.ORIGINALS_BUCKET),
  uppyEndpoints: createUppyEndpoints(tables, config.UPLOADS_TABLE),
  malwareScan: config.MALWARE_SCAN,
  quota: { bytes: config.QUOTA_BYTES, images: config.QUOTA_IMAGES },
  idempotency: createIdempotencyTable(tables, config.UPLOADS_TABLE),
  reconciliations: createReconciliationTable(tables, config.UPLOADS_TABLE),
  reconcileQueue: createQueue(config.RECONCILE_QUEUE),
  now: Date.now,
  pause: (milliseconds: number, signal: AbortSignal) => pause(milliseconds, undefined, { signal }),
};
