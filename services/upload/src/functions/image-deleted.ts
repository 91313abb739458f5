import { createConsumer } from "@shoebox/shared/messaging/consumer";
import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { config } from "../config.ts";
import { onImageDeleted } from "../consumers/image-deleted.ts";
import { service } from "../service.ts";

export const handler = createConsumer({
  subscriptions: [onImageDeleted(service)],
  log: service.log,
  deadLetters: createDeadLetters(config.SERVICE),
});
