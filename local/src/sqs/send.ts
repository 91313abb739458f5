import { createHash } from "node:crypto";
import type { Action } from "./action.ts";
import { type BatchEntry, batchEntries, eachEntry } from "./batch.ts";
import { attributesMd5, attributesSize, type MessageAttributes } from "./message-attributes.ts";
import { invalidValue, notSupported, SqsError } from "./sqs-error.ts";
import type { NewMessage, Queue, QueueStore } from "./store.ts";

/** SQS takes XML's characters, everything above the basic plane (emoji) included; lone surrogates are not characters. */
const FOREIGN = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
/** Of one request, single or batch: 1 MiB. */
const MOST_BYTES = 1_048_576;

interface SendRequest {
  MessageBody?: string;
  MessageAttributes?: MessageAttributes;
  MessageSystemAttributes?: { AWSTraceHeader?: { StringValue?: string } };
  DelaySeconds?: number;
  MessageGroupId?: string;
  MessageDeduplicationId?: string;
}

export const sendMessage: Action = (request, { store, arrivals }) => {
  const queue = store.byUrl(request.QueueUrl);
  const answer = send(store, queue, request as SendRequest);
  arrivals.announce(queue.name);
  return answer;
};

export const sendMessageBatch: Action = (request, { store, arrivals }) => {
  const queue = store.byUrl(request.QueueUrl);
  const entries = batchEntries<SendRequest & BatchEntry>(request);
  const size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (size > MOST_BYTES) {
    throw new SqsError(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than ${MOST_BYTES} bytes. You have sent ${size} bytes.`,
      "AWS.SimpleQueueService.BatchRequestTooLong",
    );
  }
  const answer = eachEntry(entries, (entry) => send(store, queue, entry));
  arrivals.announce(queue.name);
  return answer;
};

function send(store: QueueStore, queue: Queue, request: SendRequest): Record<string, unknown> {
  const message = messageOf(queue, request);
  const [MessageId] = store.add(queue, [message]);
  return {
    MessageId,
    MD5OfMessageBody: message.md5,
    MD5OfMessageAttributes: attributesMd5(message.attributes),
  };
}

/** Checks what was sent against the queue's limits, as SQS does. */
export function messageOf(queue: Queue, request: SendRequest): NewMessage {
  const body = request.MessageBody ?? "";
  if (body === "")
    throw new SqsError("MissingParameter", "The request must contain the parameter MessageBody.");
  if (FOREIGN.test(body)) {
    throw new SqsError(
      "InvalidMessageContents",
      "The message contains characters outside the allowed set.",
    );
  }
  if (request.MessageDeduplicationId !== undefined)
    throw notSupported("MessageDeduplicationId (FIFO queues)");
  const limit = Number(queue.attributes.MaximumMessageSize);
  if (sizeOf(request) > limit) {
    throw invalidValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
    );
  }
  const delaySeconds = request.DelaySeconds ?? Number(queue.attributes.DelaySeconds);
  if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > 900) {
    throw invalidValue(
      `Value ${delaySeconds} for parameter DelaySeconds is invalid. Reason: must be between 0 and 900.`,
    );
  }
  return {
    body,
    md5: createHash("md5").update(body).digest("hex"),
    attributes: request.MessageAttributes ?? {},
    traceHeader: request.MessageSystemAttributes?.AWSTraceHeader?.StringValue,
    delaySeconds,
  };
}

function sizeOf(request: SendRequest): number {
  return (
    Buffer.byteLength(request.MessageBody ?? "") + attributesSize(request.MessageAttributes ?? {})
  );
}
