import { createConsumer } from "@shoebox/shared/messaging/consumer";
import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { config } from "../config.ts";
import { onObjectScanned } from "../consumers/object-scanned.ts";
import { service } from "../service.ts";

export const handler = createConsumer({
  subscriptions: [onObjectScanned(service)],
  log: service.log,
  deadLetters: createDeadLetters(config.SERVICE),
});
