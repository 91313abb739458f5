import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from "@aws-sdk/client-eventbridge";
import type { DomainEvent } from "../events/define.ts";

/** PutEvents takes at most 10 entries and less than 1 MB in one call (EventBridge quotas). */
const MAX_ENTRIES = 10;
const MAX_BYTES = 900_000;
const ATTEMPTS = 3;

export interface Publisher {
  /**
   * Puts the events on the bus and returns the indexes of those that the bus would not take after a
   * few attempts. Never reports success while `FailedEntryCount` says otherwise.
   */
  publish(events: DomainEvent[]): Promise<number[]>;
}

export function createPublisher(client: EventBridgeClient, busName: string): Publisher {
  async function putBatch(batch: Entry[]): Promise<number[]> {
    let pending = batch;
    for (let attempt = 0; attempt < ATTEMPTS && pending.length > 0; attempt++) {
      const result = await client.send(
        new PutEventsCommand({ Entries: pending.map((item) => item.entry) }),
      );
      const answers = result.Entries ?? [];
      if ((result.FailedEntryCount ?? 0) === 0) return [];
      pending = pending.filter((_, index) => answers[index]?.EventId === undefined);
    }
    return pending.map((item) => item.index);
  }

  return {
    async publish(events) {
      const entries = events.map((event, index) => toEntry(event, index, busName));
      const failed = await Promise.all(inBatches(entries).map(putBatch));
      return failed.flat().sort((a, b) => a - b);
    },
  };
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
