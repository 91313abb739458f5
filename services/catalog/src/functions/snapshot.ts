import { createConsumer } from "@shoebox/shared/messaging/consumer";
import { snapshotSubscriptions } from "../consumers/snapshot.ts";
import { service } from "../service.ts";

export const handler = createConsumer({
  subscriptions: snapshotSubscriptions(service),
  log: service.log,
});
