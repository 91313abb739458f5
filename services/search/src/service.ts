import { createLogger } from "@shoebox/shared/log";
import { createImagesIndex } from "./adapters/images-index.ts";
import { createOpenSearchClient } from "./adapters/opensearch-client.ts";
import { config } from "./config.ts";

/** What the functions of the search service share, built once per process. */
export const service = {
  log: createLogger(config.SERVICE, config.LOG_LEVEL),
  index: createImagesIndex(createOpenSearchClient(config.OPENSEARCH_ENDPOINT, config.AWS_REGION)),
  now: Date.now,
};
