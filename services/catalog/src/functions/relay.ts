import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { createLogger } from "@shoebox/shared/log";
import { createPublisher } from "@shoebox/shared/messaging/publish";
import { createRelay } from "@shoebox/shared/messaging/relay";
import { config } from "../config.ts";
import { toEvents } from "../publish.ts";

export const handler = createRelay({
  publisher: createPublisher(new EventBridgeClient({}), config.BUS_NAME),
  toEvents,
  log: createLogger(config.SERVICE, config.LOG_LEVEL),
});
