import { createConsumer } from "@shoebox/shared/messaging/consumer";
import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { config } from "../config.ts";
import { onObjectCreated } from "../consumers/object-created.ts";
import { service } from "../service.ts";

export const handler = createConsumer({
  subscriptions: [onObjectCreated(service)],
  log: service.log,
  deadLetters: createDeadLetters(config.SERVICE),
});
