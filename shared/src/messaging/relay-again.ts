import type {
  DynamoDBBatchResponse,
  DynamoDBStreamEvent,
  SQSBatchResponse,
  SQSEvent,
} from "aws-lambda";
import { z } from "zod";
import type { Logger } from "../log.ts";
import type { DeadLetters } from "./dead-letter.ts";
import { giveUpAtLast } from "./failed-message.ts";

/** As much of a change that was set aside as is needed to relay it. */
const Letter = z.object({ record: z.looseObject({ dynamodb: z.looseObject({}) }) });

/**
 * The relay for changes that were set aside: each message is such a letter, put into this queue by
 * hand when there is code that can read it. One that still can't be relayed becomes a dead letter of
 * this queue.
 */
export function createRelayAgain(options: {
  relay: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
  log: Logger;
  deadLetters?: DeadLetters;
}): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    const failures: SQSBatchResponse["batchItemFailures"] = [];
    for (const message of Records) {
      try {
        const { record } = Letter.parse(JSON.parse(message.body));
        const { batchItemFailures } = await options.relay({ Records: [record] });
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
}
