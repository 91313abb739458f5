import { createLogger } from "@shoebox/shared/log";
import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { createImagesIndex } from "./adapters/images-index.ts";
import { createIndexWriter } from "./adapters/index-writer.ts";
import { createOpenSearchClient } from "./adapters/opensearch-client.ts";
import { config } from "./config.ts";

const opensearch = createOpenSearchClient(config.OPENSEARCH_ENDPOINT, config.AWS_REGION);

/** What the functions of the search service share, built once per process. */
export const service = {
  log: createLogger(config.SERVICE, config.LOG_LEVEL),
  index: createImagesIndex(opensearch),
  writer: createIndexWriter(opensearch),
  deadLetters: createDeadLetters(config.SERVICE),
  now: Date.now,
};
