import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { tracingCalls } from "../trace.ts";
import { deadLetterQueueOf, nameOfQueue } from "./work-queue.ts";

/** As much of a message as becomes a dead letter. */
export type Undeliverable = Pick<SQSRecord, "body" | "messageId" | "eventSourceARN">;

/** Where a consumer puts a message that nobody will try again. */
export interface DeadLetters {
  /** Resolves when the message is kept there with its reason; the consumer may then take it for done. */
  setAside(message: Undeliverable, reason: string): Promise<void>;
}

/** Characters; a reason is for people. */
const LONGEST_REASON = 1_000;

/**
 * The dead-letter queue that belongs to the queue a message came from. The letter's body is the
 * message as it was, so that moving it back delivers it again, by our tool or by SQS's own. Why it is
 * here, and whence, is in its attributes: `reason`, `service`, `queue`, `at`, `messageId`. SQS itself
 * moves a message there only by counting receives (when the function crashes or runs out of time),
 * without a reason.
 */
export function createDeadLetters(
  service: string,
  options: { client?: () => SQSClient; now?: () => number } = {},
): DeadLetters {
  const { client = () => tracingCalls(new SQSClient({})), now = Date.now } = options;
  // Made when the first letter is there, which is hardly ever.
  let sqs: SQSClient | undefined;
  return {
    async setAside({ body, messageId, eventSourceARN }, reason) {
      sqs ??= client();
      const queue = nameOfQueue(eventSourceARN);
      const { QueueUrl } = await sqs.send(
        new GetQueueUrlCommand({ QueueName: deadLetterQueueOf(queue) }),
      );
      const attribute = (StringValue: string) => ({ DataType: "String", StringValue });
      await sqs.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody: body,
          MessageAttributes: {
            reason: attribute(printable(reason)),
            service: attribute(service),
            queue: attribute(queue),
            at: attribute(new Date(now()).toISOString()),
            messageId: attribute(messageId),
          },
        }),
      );
    },
  };
}

/** SQS takes no control characters, no half of a surrogate pair and no empty text. */
function printable(reason: string): string {
  const text = reason.toWellFormed().replaceAll(/[^\P{C}\n\t]/gu, " ");
  return text.slice(0, LONGEST_REASON).toWellFormed().trim() || "unknown";
}
