import type {
  DynamoDBBatchResponse,
  DynamoDBRecord,
  DynamoDBStreamEvent,
  SQSBatchResponse,
  SQSEvent,
} from "aws-lambda";
import { z } from "zod";
import type { Logger } from "../log.ts";
import type { DeadLetters } from "./dead-letter.ts";
import { giveUpAtLast } from "./failed-message.ts";
import { BatchInfo } from "./stream-reader.ts";

/** As much of a change that was set aside as is needed to relay it. */
const Change = z.object({ record: z.looseObject({ dynamodb: z.looseObject({}) }) });

/** What Lambda writes when it gives up a stream's records: which they are, and not what is in them. */
const GivenUp = z.object({ DDBStreamBatchInfo: BatchInfo });

const Letter = z.union([Change, GivenUp]);

/**
 * The relay for changes that were set aside: each message is such a letter, put into this queue by
 * hand when there is code that can read it. One that still can't be relayed becomes a dead letter of
 * this queue. Records that Lambda gave up are read from the stream again; what the stream does not
 * have any more is published again by who waits for it (decision 9).
 */
export function createRelayAgain(options: {
  /** Of one change, which is here because it was set aside: it is not set aside again. */
  relay: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
  /** Of a stream's records, of which one may well have to be set aside. */
  relayBatch: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
  readStream: (batch: BatchInfo) => Promise<DynamoDBRecord[]>;
  log: Logger;
  deadLetters?: DeadLetters;
}): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    const failures: SQSBatchResponse["batchItemFailures"] = [];
    for (const message of Records) {
      try {
        const { batchItemFailures } = await again(Letter.parse(JSON.parse(message.body)));
        if (batchItemFailures.length > 0) {
          throw new Error("The change still can't be turned into events, or the bus refuses them.");
        }
      } catch (error) {
        const done = await giveUpAtLast(message, error, options);
        if (!done) failures.push({ itemIdentifier: message.messageId });
      }
    }
    return { batchItemFailures: failures };
  };

  async function again(letter: z.infer<typeof Letter>): Promise<DynamoDBBatchResponse> {
    if ("record" in letter) return options.relay({ Records: [letter.record] });
    const batch = letter.DDBStreamBatchInfo;
    const Records = await options.readStream(batch);
    const first = Records[0]?.dynamodb?.SequenceNumber;
    if (first !== batch.startSequenceNumber) {
      options.log.error(
        { ...batch, first },
        "the stream has lost records of this batch; who waits for their events has them published again",
      );
    }
    return options.relayBatch({ Records });
  }
}
