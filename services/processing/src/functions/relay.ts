import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { commonConfig, loadConfig } from "@shoebox/shared/config";
import { createLogger } from "@shoebox/shared/log";
import { createPublisher } from "@shoebox/shared/messaging/publish";
import { createRelay } from "@shoebox/shared/messaging/relay";
import { toEvents } from "../publish.ts";

const config = loadConfig(commonConfig);

export const handler = createRelay({
  publisher: createPublisher(new EventBridgeClient({}), config.BUS_NAME),
  toEvents,
  log: createLogger(config.SERVICE, config.LOG_LEVEL),
});
