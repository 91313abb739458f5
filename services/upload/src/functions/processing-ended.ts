import { createConsumer } from "@shoebox/shared/messaging/consumer";
import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { config } from "../config.ts";
import { onProcessingEnded } from "../consumers/processing-ended.ts";
import { service } from "../service.ts";

export const handler = createConsumer({
  subscriptions: onProcessingEnded(service),
  log: service.log,
  deadLetters: createDeadLetters(config.SERVICE),
});
