import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  type GetRecordsOutput,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import type { IdleWait } from "./idle-wait.ts";
import { growingPause, pause } from "./pause.ts";
import { splitBySize } from "./split-by-size.ts";
import { type StreamBatchOptions, settleBatch } from "./stream-batch.ts";
import type { StreamCheckpoints } from "./stream-checkpoints.ts";
import { type StreamRecord, streamRecord } from "./stream-event.ts";

/** GetRecords gives no more than this at once. */
const PAGE_MAXIMUM = 1000;
/** Between two looks while a batching window is open, in milliseconds. */
const WINDOW_POLL_MS = 50;

export interface ShardOptions extends Omit<StreamBatchOptions, "settled"> {
  streams: DynamoDBStreamsClient;
  checkpoints: StreamCheckpoints;
  region: string;
  idle: IdleWait;
  /** Whether the mapping's filters let a record through. */
  wanted: (record: StreamRecord) => boolean;
}

interface Page {
  records: StreamRecord[];
  /** Absent when the shard is closed and read to its end. */
  next: string | undefined;
}

/**
 * Delivers a shard in order from its checkpoint until the shard ends (then true) or the signal stops it (then false).
 * Errors of the stream itself are logged and tried again.
 */
export async function deliverShard(options: ShardOptions): Promise<boolean> {
  const { source, shardId, checkpoints, signal, log } = options;
  let iterator: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    try {
      iterator ??= await openIterator(options);
      const untilNews = options.idle();
      const page = await readBatch(iterator, options);
      failures = 0;
      await deliver(page.records, options);
      if (signal.aborted) return false;
      if (page.next === undefined) {
        const after = checkpoints.read(source.id, source.streamArn, shardId)?.after ?? null;
        checkpoints.write(source.id, source.streamArn, shardId, { after, finished: true });
        return true;
      }
      iterator = page.next;
      if (page.records.length === 0) await untilNews(signal);
    } catch (error) {
      if (signal.aborted) return false;
      failures += 1;
      log.warn({ streamArn: source.streamArn, shardId, err: error }, "stream could not be read");
      // An iterator lives for 15 minutes; a new one is opened at the checkpoint, which is always right.
      iterator = undefined;
      await pause(growingPause(failures, 100, 5000), signal);
    }
  }
  return false;
}

async function openIterator({ source, shardId, streams, checkpoints, signal }: ShardOptions) {
  const after = checkpoints.read(source.id, source.streamArn, shardId)?.after ?? null;
  const open = (position: { ShardIteratorType: "TRIM_HORIZON" } | AfterNumber) =>
    streams.send(
      new GetShardIteratorCommand({ StreamArn: source.streamArn, ShardId: shardId, ...position }),
      { abortSignal: signal },
    );
  const beginning = { ShardIteratorType: "TRIM_HORIZON" } as const;
  const { ShardIterator } = await (after === null
    ? open(beginning)
    : open({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: after }).catch((error) => {
        // What was trimmed is gone; the oldest that is left is next.
        if (error?.name === "TrimmedDataAccessException") return open(beginning);
        throw error;
      }));
  if (!ShardIterator) throw new Error(`Shard ${shardId} gave no iterator.`);
  return ShardIterator;
}

interface AfterNumber {
  ShardIteratorType: "AFTER_SEQUENCE_NUMBER";
  SequenceNumber: string;
}

/** Reads up to a batch; with a batching window it waits for the batch to fill up. */
async function readBatch(iterator: string, options: ShardOptions): Promise<Page> {
  const { source, signal } = options;
  const page = await readPage(iterator, source.batchSize, options);
  const windowMs = (source.maximumBatchingWindowSeconds ?? 0) * 1000;
  const windowEnd = performance.now() + windowMs;
  const wantsMore = () => page.next !== undefined && page.records.length < source.batchSize;
  while (page.records.length > 0 && wantsMore() && performance.now() < windowEnd) {
    const more = await readPage(
      page.next ?? iterator,
      source.batchSize - page.records.length,
      options,
    );
    page.records.push(...more.records);
    page.next = more.next;
    if (more.records.length === 0) await pause(WINDOW_POLL_MS, signal);
    if (signal.aborted) break;
  }
  return page;
}

async function readPage(iterator: string, most: number, options: ShardOptions): Promise<Page> {
  const answer: GetRecordsOutput = await options.streams.send(
    new GetRecordsCommand({ ShardIterator: iterator, Limit: Math.min(most, PAGE_MAXIMUM) }),
    { abortSignal: options.signal },
  );
  const { streamArn } = options.source;
  return {
    records: (answer.Records ?? []).map((r) => streamRecord(r, streamArn, options.region)),
    next: answer.NextShardIterator,
  };
}

/** Brings the records that pass the filter to their end, then passes over the others. */
async function deliver(records: StreamRecord[], options: ShardOptions): Promise<void> {
  const { source, shardId, checkpoints } = options;
  const settled = (after: string) =>
    checkpoints.write(source.id, source.streamArn, shardId, { after, finished: false });
  for (const run of splitBySize(records.filter(options.wanted))) {
    await settleBatch(run, { ...options, settled });
    if (options.signal.aborted) return;
  }
  const last = records.at(-1);
  if (last) settled(last.dynamodb.SequenceNumber);
}
