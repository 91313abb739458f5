import { setTimeout as pause } from "node:timers/promises";
import { createDocumentClient } from "@shoebox/shared/aws/document";
import { createIdempotencyTable } from "@shoebox/shared/aws/idempotency-table";
import { createQueue } from "@shoebox/shared/aws/queue";
import { createLogger } from "@shoebox/shared/log";
import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { createEventArchive } from "./adapters/event-archive.ts";
import { createImagesSearch } from "./adapters/images-search.ts";
import { createIndexAdmin } from "./adapters/index-admin.ts";
import { createIndexStatusReader } from "./adapters/index-status.ts";
import { createIndexWriter } from "./adapters/index-writer.ts";
import { createJobsTable } from "./adapters/jobs-table.ts";
import { createOpenSearchClient } from "./adapters/opensearch-client.ts";
import { createSnapshotsTable } from "./adapters/snapshots-table.ts";
import { config } from "./config.ts";

const opensearch = createOpenSearchClient(config.OPENSEARCH_ENDPOINT, config.AWS_REGION);
const tables = createDocumentClient();
const size = { shards: config.INDEX_SHARDS, replicas: config.INDEX_REPLICAS };

/** What the functions of the search service share, built once per process. */
export const service = {
  tables,
  log: createLogger(config.SERVICE, config.LOG_LEVEL),
  search: createImagesSearch(opensearch),
  indexStatus: createIndexStatusReader(opensearch),
  writer: createIndexWriter(opensearch, size),
  admin: createIndexAdmin(opensearch, size),
  jobs: createJobsTable(tables, config.REBUILDS_TABLE),
  snapshots: createSnapshotsTable(tables, config.REBUILDS_TABLE),
  idempotency: createIdempotencyTable(tables, config.REBUILDS_TABLE),
  archive: createEventArchive({
    archiveArn: config.ARCHIVE_ARN,
    busArn: config.BUS_ARN,
    ruleArn: config.REPLAY_RULE_ARN,
  }),
  steps: createQueue(config.STEPS_QUEUE),
  replayed: createQueue(config.REPLAYED_QUEUE),
  limits: { archiveLag: config.ARCHIVE_LAG_SECONDS * 1_000 },
  deadLetters: createDeadLetters(config.SERVICE),
  now: Date.now,
  pause: (milliseconds: number, signal: AbortSignal) => pause(milliseconds, undefined, { signal }),
};
