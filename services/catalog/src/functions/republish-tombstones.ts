import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { createJob } from "@shoebox/shared/messaging/job";
import { config } from "../config.ts";
import { republishTombstones } from "../jobs/republish-tombstones.ts";
import { service } from "../service.ts";

export const handler = createJob({
  run: () => republishTombstones(service),
  log: service.log,
  deadLetters: createDeadLetters(config.SERVICE),
});
