import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { z } from "zod";
import { Envelope, EventMetadata, type ReadableEvent } from "../events/define.ts";
import type { Logger } from "../log.ts";
import { traced } from "../trace.ts";
import type { DeadLetters } from "./dead-letter.ts";
import { giveUpAtLast } from "./failed-message.ts";

/** As much of an event as is read before it is known which one it is. */
const Detail = z.object({ metadata: EventMetadata.optional() });

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
 * back to the queue. When the queue's patience ends, `deadLetters` takes it in
 * together with its reason; without them, and when the function dies, SQS itself moves the bare
 * message there. Delivery is at least once and in any order, so every handler must be idempotent by
 * version and condition.
 *
 * `concurrency` bounds how many messages of a batch are handled at a time.
 */
export function createConsumer(options: {
  subscriptions: Subscription[];
  log: Logger;
  deadLetters?: DeadLetters;
  concurrency?: number;
}): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const byName = new Map(
    options.subscriptions.map((item) => [
      nameOf(item.event.source, item.event.type, item.event.version),
      item,
    ]),
  );

  async function handle(envelope: Envelope, about: About, receiveCount: number, log: Logger) {
    const { source, "detail-type": type } = envelope;
    const name = nameOf(source, type, about.schemaVersion);
    const subscription = byName.get(name);
    if (!subscription) throw new Error(`No handler for ${name}`);
    await subscription.handle(subscription.event.parse(envelope), {
      correlationId: about.correlationId,
      log,
      receiveCount,
      replay: envelope["replay-name"] !== undefined,
    });
  }

  /** False when the message goes back to its queue; its reason is in the log then. */
  async function settle(record: SQSRecord): Promise<boolean> {
    const receiveCount = Number(record.attributes.ApproximateReceiveCount);
    let log = options.log;
    try {
      const envelope = Envelope.parse(JSON.parse(record.body));
      const about = aboutOf(envelope);
      const { correlationId, eventId } = about;
      const eventType = envelope["detail-type"];
      log = log.child({ correlationId, eventId, type: eventType });
      const annotations = { correlationId, eventId, eventType };
      await traced("message", { annotations }, () => handle(envelope, about, receiveCount, log));
      return true;
    } catch (error) {
      return giveUpAtLast(record, error, { log, deadLetters: options.deadLetters });
    }
  }

  return async (event) => {
    const failures: SQSBatchResponse["batchItemFailures"] = [];
    const queue = [...event.Records];
    const worker = async () => {
      for (let record = queue.shift(); record; record = queue.shift()) {
        if (!(await settle(record))) failures.push({ itemIdentifier: record.messageId });
      }
    };
    await Promise.all(Array.from({ length: options.concurrency ?? 10 }, worker));
    return { batchItemFailures: failures };
  };
}

/** Such as `shoebox.catalog ImageUpdated v1`, or `aws.s3 Object Created`. */
function nameOf(source: string, type: string, version: number | undefined): string {
  return version === undefined ? `${source} ${type}` : `${source} ${type} v${version}`;
}

interface About {
  correlationId: string;
  eventId: string;
  schemaVersion: number | undefined;
}

/** What an event says of itself; AWS's own say nothing, and are known by the envelope's id. */
function aboutOf(envelope: Envelope): About {
  const { metadata } = Detail.parse(envelope.detail);
  return {
    correlationId: metadata?.correlationId ?? envelope.id,
    eventId: metadata?.eventId ?? envelope.id,
    schemaVersion: metadata?.schemaVersion,
  };
}
