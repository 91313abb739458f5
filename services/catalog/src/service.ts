import { createDocumentClient } from "@shoebox/shared/aws/document";
import { createLogger } from "@shoebox/shared/log";
import { createImagesTable } from "./adapters/images-table.ts";
import { config } from "./config.ts";

/** What the functions of the catalog share, built once per process. */
export const service = {
  log: createLogger(config.SERVICE, config.LOG_LEVEL),
  images: createImagesTable(createDocumentClient(), config.IMAGES_TABLE),
  now: Date.now,
};
