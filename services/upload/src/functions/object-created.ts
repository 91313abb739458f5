import { createConsumer } from "@shoebox/shared/messaging/consumer";
import { onObjectCreated } from "../consumers/object-created.ts";
import { service } from "../service.ts";

export const handler = createConsumer({
  subscriptions: [onObjectCreated(service)],
  log: service.log,
});
