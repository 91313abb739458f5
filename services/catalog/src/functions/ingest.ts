import { createConsumer } from "@shoebox/shared/messaging/consumer";
import { subscriptions } from "../consumers/subscriptions.ts";
import { service } from "../service.ts";

export const handler = createConsumer({ subscriptions: subscriptions(service), log: service.log });
