import { setTimeout as pause } from "node:timers/promises";
import { createLogger } from "@shoebox/shared/log";
import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { createImagesSearch } from "./adapters/images-search.ts";
import { createIndexStatusReader } from "./adapters/index-status.ts";
import { createIndexWriter } from "./adapters/index-writer.ts";
import { createOpenSearchClient } from "./adapters/opensearch-client.ts";
import { config } from "./config.ts";

const opensearch = createOpenSearchClient(config.OPENSEARCH_ENDPOINT, config.AWS_REGION);

/** What the functions of the search service share, built once per process. */
export const service = {
  log: createLogger(config.SERVICE, config.LOG_LEVEL),
  search: createImagesSearch(opensearch),
  indexStatus: createIndexStatusReader(opensearch),
  writer: createIndexWriter(opensearch),
  deadLetters: createDeadLetters(config.SERVICE),
  now: Date.now,
  pause: (milliseconds: number, signal: AbortSignal) => pause(milliseconds, undefined, { signal }),
};
