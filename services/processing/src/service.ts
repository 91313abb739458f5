import { createDocumentClient } from "@shoebox/shared/aws/document";
import { loadConfig } from "@shoebox/shared/config";
import { createLogger } from "@shoebox/shared/log";
import { createJobsTable } from "./adapters/jobs-table.ts";
import { type ProcessingConfig, processingConfig } from "./config.ts";

function createService(config: ProcessingConfig) {
  return {
    config,
    log: createLogger(config.SERVICE, config.LOG_LEVEL),
    jobs: createJobsTable(createDocumentClient(), config.JOBS_TABLE),
    now: Date.now,
  };
}

/** What every function of this service needs, built once per process. Storage and sharp come with those that use them. */
export const service = createService(loadConfig(processingConfig));
