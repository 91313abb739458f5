import { createHash } from "node:crypto";
import type { StreamRecord } from "@shoebox/local/lambda/stream-event";
import type { Scheduler } from "../world/scheduler.ts";
import type { Item } from "./values.ts";

/** Milliseconds a stream keeps a change. */
const KEPT = 24 * 3_600_000;
/** Items spread over shards by their partition key; within a shard all is in order. */
const SHARDS = 2;

export interface Shard {
  id: string;
  /** What is kept and was not taken yet, oldest first. */
  records: StreamRecord[];
}

export interface Stream {
  arn: string;
  shards: Shard[];
  append(change: {
    key: Item;
    before: Item | undefined;
    after: Item | undefined;
    byTtl: boolean;
  }): void;
  /** Drops what is older than a day, whoever has not read it. Answers how many that were. */
  trim(shard: Shard): number;
  /** Calls back when there is news. */
  onNews(listener: (shard: Shard) => void): void;
}

export function createStream(tableArn: string, scheduler: Scheduler): Stream {
  const arn = `${tableArn}/stream/latest`;
  const shards = Array.from(
    { length: SHARDS },
    (_, number): Shard => ({
      id: `shard-${number}`,
      records: [],
    }),
  );
  const listeners: ((shard: Shard) => void)[] = [];
  let sequence = 0;

  return {
    arn,
    shards,
    append({ key, before, after, byTtl }) {
      const shard = shards[shardOf(String(key.PK?.S))];
      if (!shard) throw new Error("A key has no shard.");
      sequence += 1;
      shard.records.push({
        eventID: String(sequence),
        eventName: before ? (after ? "MODIFY" : "REMOVE") : "INSERT",
        eventVersion: "1.1",
        eventSource: "aws:dynamodb",
        awsRegion: "us-east-1",
        dynamodb: {
          ApproximateCreationDateTime: Math.floor(scheduler.now() / 1000),
          Keys: key,
          ...(after && { NewImage: after }),
          ...(before && { OldImage: before }),
          SequenceNumber: String(sequence).padStart(21, "0"),
          SizeBytes: undefined,
          StreamViewType: "NEW_AND_OLD_IMAGES",
        },
        ...(byTtl && {
          userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
        }),
        eventSourceARN: arn,
      });
      for (const listener of listeners) listener(shard);
    },
    trim(shard) {
      const oldest = (scheduler.now() - KEPT) / 1000;
      const young = shard.records.findIndex(
        (record) => record.dynamodb.ApproximateCreationDateTime >= oldest,
      );
      const dropped = young === -1 ? shard.records.length : young;
      shard.records.splice(0, dropped);
      return dropped;
    },
    onNews: (listener) => void listeners.push(listener),
  };
}

function shardOf(partitionKey: string): number {
  return (createHash("sha256").update(partitionKey).digest()[0] ?? 0) % SHARDS;
}
