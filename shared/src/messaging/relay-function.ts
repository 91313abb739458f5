import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type {
  DynamoDBBatchResponse,
  DynamoDBStreamEvent,
  SQSBatchResponse,
  SQSEvent,
} from "aws-lambda";
import { z } from "zod";
import { commonConfig, loadConfig } from "../config.ts";
import type { DomainEvent } from "../events/define.ts";
import { createLogger } from "../log.ts";
import { tracingCalls } from "../trace.ts";
import { createDeadLetters } from "./dead-letter.ts";
import { createPublisher } from "./publish.ts";
import { type Change, createRelay, type DeadLetter } from "./relay.ts";
import { createRelayAgain } from "./relay-again.ts";
import { createStreamReader } from "./stream-reader.ts";

const relayConfig = {
  ...commonConfig,
  /** The queue for changes that no attempt can turn into events. */
  RELAY_DEAD_LETTERS_URL: z.url(),
} as const;

/**
 * The relay as a Lambda function: a service adds what a change of its table means. It reads the
 * table's stream, and a queue of changes that were set aside or given up and are to be tried again.
 */
export function relayFunction(
  toEvents: (change: Change) => DomainEvent[],
): (event: DynamoDBStreamEvent | SQSEvent) => Promise<DynamoDBBatchResponse | SQSBatchResponse> {
  const config = loadConfig(relayConfig);
  const log = createLogger(config.SERVICE, config.LOG_LEVEL);
  const publisher = createPublisher(tracingCalls(new EventBridgeClient({})), config.BUS_NAME, log);
  const setAside = toQueue(config.RELAY_DEAD_LETTERS_URL);
  const relay = createRelay({ publisher, toEvents, log, setAside });
  const again = createRelayAgain({
    relay: createRelay({ publisher, toEvents, log }),
    relayBatch: relay,
    // Hardly ever needed, so it is made when it is.
    readStream: createStreamReader(() => new DynamoDBStreamsClient({})),
    log,
    deadLetters: createDeadLetters(config.SERVICE),
  });
  return (event) => (isFromQueue(event) ? again(event) : relay(event));
}

function isFromQueue(event: DynamoDBStreamEvent | SQSEvent): event is SQSEvent {
  return event.Records.some(
    (record) => "eventSource" in record && record.eventSource === "aws:sqs",
  );
}

function toQueue(url: string): (letter: DeadLetter) => Promise<void> {
  const client = tracingCalls(new SQSClient({}));
  return async (letter) => {
    await client.send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(letter) }),
    );
  };
}
