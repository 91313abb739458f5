import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { Envelope, type EventMetadata, type ReadableEvent } from "../events/define.ts";
import type { Logger } from "../log.ts";

/** What a handler is told besides the event itself. */
export interface Delivery {
  correlationId: string;
  log: Logger;
  /** How many times SQS has handed this message out, this time included. */
  receiveCount: number;
  replay: boolean;
}

export interface Subscription {
  event: ReadableEvent<unknown>;
  handle(event: unknown, delivery: Delivery): Promise<void>;
}

/** Ties an event to the code that handles it; the type of the event flows into the handler. */
export function on<E>(
  event: ReadableEvent<E>,
  handle: (event: E, delivery: Delivery) => Promise<void>,
): Subscription {
  return { event, handle: (value, delivery) => handle(value as E, delivery) };
}

/**
 * An SQS handler with partial batch responses: each message stands for itself, and what throws goes
 * back to the queue and, when the queue's patience ends, to its dead-letter queue. Delivery is at
 * least once and in any order, so every handler must be idempotent by version and condition.
 *
 * `concurrency` bounds how many messages of a batch are handled at a time.
 */
export function createConsumer(options: {
  subscriptions: Subscription[];
  log: Logger;
  concurrency?: number;
}): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const byType = new Map(
    options.subscriptions.map((item) => [`${item.event.source} ${item.event.type}`, item]),
  );

  async function handle(record: SQSRecord): Promise<void> {
    const envelope = Envelope.parse(JSON.parse(record.body));
    const subscription = byType.get(`${envelope.source} ${envelope["detail-type"]}`);
    if (!subscription) {
      throw new Error(`No handler for ${envelope.source} ${envelope["detail-type"]}`);
    }
    const metadata = metadataOf(envelope);
    const correlationId = metadata?.correlationId ?? envelope.id;
    const log = options.log.child({
      correlationId,
      eventId: metadata?.eventId ?? envelope.id,
      type: envelope["detail-type"],
    });
    await subscription.handle(subscription.event.parse(envelope), {
      correlationId,
      log,
      receiveCount: Number(record.attributes.ApproximateReceiveCount),
      replay: envelope["replay-name"] !== undefined,
    });
  }

  return async (event) => {
    const failures: SQSBatchResponse["batchItemFailures"] = [];
    const queue = [...event.Records];
    const worker = async () => {
      for (let record = queue.shift(); record; record = queue.shift()) {
        try {
          await handle(record);
        } catch (error) {
          options.log.error(
            {
              err: error,
              messageId: record.messageId,
              receiveCount: Number(record.attributes.ApproximateReceiveCount),
            },
            "a message failed and goes back to its queue",
          );
          failures.push({ itemIdentifier: record.messageId });
        }
      }
    };
    await Promise.all(Array.from({ length: options.concurrency ?? 10 }, worker));
    return { batchItemFailures: failures };
  };
}

function metadataOf(envelope: Envelope): EventMetadata | undefined {
  const detail = envelope.detail as { metadata?: EventMetadata } | undefined;
  return detail?.metadata;
}
