import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { createJob } from "@shoebox/shared/messaging/job";
import { createCdn } from "../adapters/cdn.ts";
import { config } from "../config.ts";
import { forgetCopies } from "../jobs/forget-copies.ts";
import { service } from "../service.ts";

const cdn = createCdn(config.CDN_DISTRIBUTION_ID);

export const handler = createJob({
  run: () => forgetCopies({ ...service, cdn }),
  log: service.log,
  deadLetters: createDeadLetters(config.SERVICE),
});
