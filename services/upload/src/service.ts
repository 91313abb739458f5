import { S3Client } from "@aws-sdk/client-s3";
import { createDocumentClient } from "@shoebox/shared/aws/document";
import { createIdempotencyTable } from "@shoebox/shared/aws/idempotency-table";
import { createLogger } from "@shoebox/shared/log";
import { createOriginals } from "./adapters/originals.ts";
import { createPostForms } from "./adapters/post-forms.ts";
import { createSessionsTable } from "./adapters/sessions-table.ts";
import { loadUploadConfig } from "./config.ts";
import type { Deps } from "./deps.ts";

const config = loadUploadConfig();
const tables = createDocumentClient();
const s3 = new S3Client({});

export const log = createLogger(config.SERVICE, config.LOG_LEVEL);
export const corsOrigins = config.CORS_ORIGINS;
export const idempotency = createIdempotencyTable(tables, config.UPLOADS_TABLE);

/** Built once per process; every function but the authorizer and the relay works with it. */
export const service: Deps = {
  sessions: createSessionsTable(tables, config.UPLOADS_TABLE),
  originals: createOriginals(s3, config.ORIGINALS_BUCKET),
  postForms: await createPostForms(s3, config.ORIGINALS_BUCKET),
  now: Date.now,
};
