import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import type { DomainEvent } from "../events/define.ts";
import type { Logger } from "../log.ts";

/** PutEvents takes at most 10 entries and less than 1 MB in one call (EventBridge quotas). */
const MAX_ENTRIES = 10;
const MAX_BYTES = 900_000;
const ATTEMPTS = 3;

export interface Publisher {
  /**
   * Puts the events on the bus and returns the indexes of those that it would not take after a few
   * attempts, lowest first. Never reports success while `FailedEntryCount` says otherwise. A call
   * that fails as a whole fails its own entries (at most ten) and no others.
   */
  publish(events: DomainEvent[]): Promise<number[]>;
}

export function createPublisher(
  client: EventBridgeClient,
  busName: string,
  log: Logger,
): Publisher {
  async function putBatch(batch: Entry[]): Promise<number[]> {
    let pending = batch;
    try {
      for (let attempt = 0; attempt < ATTEMPTS && pending.length > 0; attempt++) {
        pending = await put(pending);
      }
    } catch (error) {
      // The SDK has tried again by itself; what is left is tried again by the stream.
      log.warn({ err: error, events: pending.length }, "the bus can't be reached");
    }
    return pending.map((item) => item.index);
  }

  /** One call; returns what has to be sent again. */
  async function put(entries: Entry[]): Promise<Entry[]> {
    const result = await client.send(
      new PutEventsCommand({ Entries: entries.map((item) => item.entry) }),
    );
    if ((result.FailedEntryCount ?? 0) === 0) return [];
    const answers = result.Entries ?? [];
    log.warn({ codes: answers.flatMap((answer) => answer.ErrorCode ?? []) }, "the bus refused");
    return entries.filter((_, index) => answers[index]?.EventId === undefined);
  }

  return {
    async publish(events) {
      const entries = events.map((event, index) => toEntry(event, index, busName));
      const failed = await Promise.all(inBatches(entries).map(putBatch));
      return failed.flat().sort((a, b) => a - b);
    },
  };
}

/** @throws Error when the bus will never take the event, however often it is sent. */
export function refuseTooLarge(event: DomainEvent): void {
  const { bytes } = toEntry(event, 0, "");
  if (bytes > MAX_BYTES) {
    throw new Error(`${event.detailType} has ${bytes} bytes, more than the bus takes.`);
  }
}

interface Entry {
  index: number;
  entry: PutEventsRequestEntry;
  bytes: number;
}

function toEntry(event: DomainEvent, index: number, busName: string): Entry {
  const detail = JSON.stringify(event.detail);
  return {
    index,
    bytes: Buffer.byteLength(detail) + 200,
    entry: {
      EventBusName: busName,
      Source: event.source,
      DetailType: event.detailType,
      Detail: detail,
      Time: new Date(event.detail.metadata.occurredAt),
    },
  };
}

function inBatches(entries: Entry[]): Entry[][] {
  const batches: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const current = batches.at(-1);
    if (!current || current.length === MAX_ENTRIES || bytes + entry.bytes > MAX_BYTES) {
      batches.push([entry]);
      bytes = entry.bytes;
    } else {
      current.push(entry);
      bytes += entry.bytes;
    }
  }
  return batches;
}
