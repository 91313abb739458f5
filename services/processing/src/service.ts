import { createDocumentClient } from "@shoebox/shared/aws/document";
import { createIdempotencyTable } from "@shoebox/shared/aws/idempotency-table";
import { createQueue } from "@shoebox/shared/aws/queue";
import { createReconciliationTable } from "@shoebox/shared/aws/reconciliation-table";
import { createLogger } from "@shoebox/shared/log";
import { createJobsTable } from "./adapters/jobs-table.ts";
import { config } from "./config.ts";

const tables = createDocumentClient();

/** What the functions of the processing service share, built once per process. Storage and sharp come with those that use them. */
export const service = {
  tables,
  log: createLogger(config.SERVICE, config.LOG_LEVEL),
  jobs: createJobsTable(tables, config.JOBS_TABLE),
  idempotency: createIdempotencyTable(tables, config.JOBS_TABLE),
  reconciliations: createReconciliationTable(tables, config.JOBS_TABLE),
  reconcileQueue: createQueue(config.RECONCILE_QUEUE),
  now: Date.now,
};
