import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { createJob } from "@shoebox/shared/messaging/job";
import { config } from "../config.ts";
import { expireSessions } from "../jobs/expire-sessions.ts";
import { service } from "../service.ts";

export const handler = createJob({
  run: () => expireSessions(service),
  log: service.log,
  deadLetters: createDeadLetters(config.SERVICE),
});
