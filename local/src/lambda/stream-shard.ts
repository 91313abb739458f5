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

/**
 * Records that are read at once, whatever the batches have: a read waits for its turn behind the writes of a burst, so
 * it brings several batches. GetRecords would give a thousand, but parsing them holds up the API in the same process.
 */
const PAGE_MAXIMUM = 500;
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
      const page = await readPages(iterator, options);
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

/** Reads a page; with a batching window it waits until there is a batch in it. */
async function readPages(iterator: string, options: ShardOptions): Promise<Page> {
  const { source, signal } = options;
  const page = await readPage(iterator, options);
  const windowMs = (source.maximumBatchingWindowSeconds ?? 0) * 1000;
  const windowEnd = performance.now() + windowMs;
  const wantsMore = () => page.next !== undefined && page.records.length < source.batchSize;
  while (page.records.length > 0 && wantsMore() && performance.now() < windowEnd) {
    const more = await readPage(page.next ?? iterator, options);
    page.records.push(...more.records);
    page.next = more.next;
    if (more.records.length === 0) await pause(WINDOW_POLL_MS, signal);
    if (signal.aborted) break;
  }
  return page;
}

async function readPage(iterator: string, options: ShardOptions): Promise<Page> {
  const answer: GetRecordsOutput = await options.streams.send(
    new GetRecordsCommand({ ShardIterator: iterator, Limit: PAGE_MAXIMUM }),
    { abortSignal: options.signal },
  );
  const { streamArn } = options.source;
  return {
    records: (answer.Records ?? []).map((r) => streamRecord(r, streamArn, options.region)),
    next: answer.NextShardIterator,
  };
}

/** Brings what was read to its end, batch by batch: the records that pass the filter, then over the others. */
async function deliver(records: StreamRecord[], options: ShardOptions): Promise<void> {
  const { source, shardId, checkpoints } = options;
  const settled = (after: string) =>
    checkpoints.write(source.id, source.streamArn, shardId, { after, finished: false });
  for (let at = 0; at < records.length; at += source.batchSize) {
    const batch = records.slice(at, at + source.batchSize);
    for (const run of splitBySize(batch.filter(options.wanted))) {
      await settleBatch(run, { ...options, settled });
      if (options.signal.aborted) return;
    }
    const last = batch.at(-1);
    if (last) settled(last.dynamodb.SequenceNumber);
  }
}
