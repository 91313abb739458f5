import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { commonConfig, loadConfig } from "../config.ts";
import type { DomainEvent } from "../events/define.ts";
import { createLogger } from "../log.ts";
import { createPublisher } from "./publish.ts";
import { type Change, createRelay } from "./relay.ts";

/** The relay as a Lambda function: a service adds what a change of its table means. */
export function relayFunction(
  toEvents: (change: Change) => DomainEvent[],
): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  const config = loadConfig(commonConfig);
  return createRelay({
    publisher: createPublisher(new EventBridgeClient({}), config.BUS_NAME),
    toEvents,
    log: createLogger(config.SERVICE, config.LOG_LEVEL),
  });
}
