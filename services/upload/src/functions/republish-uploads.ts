import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { createJob } from "@shoebox/shared/messaging/job";
import { config } from "../config.ts";
import { republishUploads } from "../jobs/republish-uploads.ts";
import { service } from "../service.ts";

export const handler = createJob({
  run: () => republishUploads(service),
  log: service.log,
  deadLetters: createDeadLetters(config.SERVICE),
});
