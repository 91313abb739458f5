import { createConsumer } from "@shoebox/shared/messaging/consumer";
import { onImageDeleted } from "../consumers/image-deleted.ts";
import { service } from "../service.ts";

export const handler = createConsumer({
  subscriptions: [onImageDeleted(service)],
  log: service.log,
});
