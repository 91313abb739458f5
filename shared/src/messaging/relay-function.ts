import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { z } from "zod";
import { commonConfig, loadConfig } from "../config.ts";
import type { DomainEvent } from "../events/define.ts";
import { createLogger } from "../log.ts";
import { createPublisher } from "./publish.ts";
import { type Change, createRelay, type DeadLetter } from "./relay.ts";

const relayConfig = {
  ...commonConfig,
  /** The queue for changes that no attempt can turn into events. */
  RELAY_DEAD_LETTERS_URL: z.url(),
} as const;

/** The relay as a Lambda function: a service adds what a change of its table means. */
export function relayFunction(
  toEvents: (change: Change) => DomainEvent[],
): (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse> {
  const config = loadConfig(relayConfig);
  const log = createLogger(config.SERVICE, config.LOG_LEVEL);
  return createRelay({
    publisher: createPublisher(new EventBridgeClient({}), config.BUS_NAME, log),
    toEvents,
    log,
    setAside: toQueue(config.RELAY_DEAD_LETTERS_URL),
  });
}

function toQueue(url: string): (letter: DeadLetter) => Promise<void> {
  const client = new SQSClient({});
  return async (letter) => {
    await client.send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(letter) }),
    );
  };
}
