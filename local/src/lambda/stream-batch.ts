import type { Logger } from "pino";
import { readBatchResponse } from "./batch-response.ts";
import type { DiscardedBatch, SendToDestination } from "./on-failure.ts";
import { growingPause, pause } from "./pause.ts";
import type { Invoke } from "./runtime.ts";
import type { FunctionSpec, StreamSource } from "./spec.ts";
import type { StreamRecord } from "./stream-event.ts";

/** Bounds of the pause before a failed batch is tried again, in milliseconds. */
export interface RetryPause {
  firstMs: number;
  maximumMs: number;
}

export interface StreamBatchOptions {
  source: StreamSource;
  function: FunctionSpec;
  shardId: string;
  invoke: Invoke;
  /** Called with the sequence number up to which everything is settled. */
  settled: (sequenceNumber: string) => void;
  sendToDestination: SendToDestination | undefined;
  retryPause: RetryPause;
  now: () => number;
  log: Pick<Logger, "error" | "warn">;
  signal: AbortSignal;
}

interface Segment {
  records: StreamRecord[];
  retries: number;
  invocations: number;
  requestId: string;
}

/**
 * Brings a batch to its end in order: every record is delivered, or discarded by the mapping's limits. It returns
 * early, with the rest unsettled, when the signal stops it.
 */
export async function settleBatch(
  records: StreamRecord[],
  options: StreamBatchOptions,
): Promise<void> {
  const segments: Segment[] = [{ records, retries: 0, invocations: 0, requestId: "" }];
  for (let segment = segments.shift(); segment; segment = segments.shift()) {
    if (options.signal.aborted) return;
    const current = await dropTooOld(segment, options);
    if (options.signal.aborted || current.records.length === 0) continue;
    segments.unshift(...(await attempt(current, options)));
  }
}

/** Invokes the function once and returns what is left to do, in order. */
async function attempt(segment: Segment, options: StreamBatchOptions): Promise<Segment[]> {
  const { source, invoke, settled } = options;
  const { records } = segment;
  const result = await invoke(source.functionName, { Records: records }, { whenBusy: "wait" });
  const tried = { ...segment, invocations: segment.invocations + 1, requestId: result.requestId };
  const failure =
    result.outcome === "success" ? firstFailure(result.payload, segment, source) : "all";
  if (failure === "none") {
    settled(lastNumber(records));
    return [];
  }
  if (failure === "all") {
    return source.bisectBatchOnFunctionError && records.length > 1
      ? halves(tried)
      : retryOrDiscard(tried, options);
  }
  if (failure === 0) return retryOrDiscard(tried, options);
  // What comes before the lowest failed record succeeded. That the batch was split there costs no retry.
  settled(lastNumber(records.slice(0, failure)));
  return [{ ...tried, records: records.slice(failure) }];
}

function halves(segment: Segment): Segment[] {
  const middle = Math.ceil(segment.records.length / 2);
  return [
    { ...segment, records: segment.records.slice(0, middle) },
    { ...segment, records: segment.records.slice(middle) },
  ];
}

/** Where delivery goes on: the index of the lowest failed record, unless all or none failed. */
function firstFailure(
  payload: unknown,
  { records }: Segment,
  source: StreamSource,
): number | "all" | "none" {
  if (!source.reportBatchItemFailures) return "none";
  const numbers = records.map((record) => record.dynamodb.SequenceNumber);
  const verdict = readBatchResponse(payload, new Set(numbers));
  if (verdict.allFailed) return "all";
  const lowest = numbers.findIndex((number) => verdict.failed.has(number));
  return lowest === -1 ? "none" : lowest;
}

async function retryOrDiscard(segment: Segment, options: StreamBatchOptions): Promise<Segment[]> {
  const most = options.source.maximumRetryAttempts ?? -1;
  const retries = segment.retries + 1;
  if (most !== -1 && retries > most) {
    await discard(segment.records, "RetryAttemptsExhausted", segment, options);
    return [];
  }
  const { firstMs, maximumMs } = options.retryPause;
  await pause(growingPause(retries, firstMs, maximumMs), options.signal);
  return [{ ...segment, retries }];
}

/** Discards the records at the segment's head that are older than the mapping allows. */
async function dropTooOld(segment: Segment, options: StreamBatchOptions): Promise<Segment> {
  const most = options.source.maximumRecordAgeSeconds ?? -1;
  if (most === -1) return segment;
  const oldest = options.now() / 1000 - most;
  const young = segment.records.findIndex(
    (record) => record.dynamodb.ApproximateCreationDateTime >= oldest,
  );
  const cut = young === -1 ? segment.records.length : young;
  if (cut === 0) return segment;
  await discard(segment.records.slice(0, cut), "RecordAgeExceeded", segment, options);
  return { ...segment, records: segment.records.slice(cut) };
}

/** Gives records up. Without their safe arrival at the destination they are not settled. */
async function discard(
  records: StreamRecord[],
  condition: DiscardedBatch["condition"],
  { invocations, requestId }: Segment,
  options: StreamBatchOptions,
): Promise<void> {
  const [first, ...rest] = records;
  if (!first) return;
  const { source, shardId, log, signal } = options;
  const batch: DiscardedBatch = {
    records: [first, ...rest],
    shardId,
    streamArn: source.streamArn,
    functionArn: options.function.arn,
    requestId,
    condition,
    invocations,
  };
  log.error(
    { functionName: source.functionName, shardId, condition, records: records.length },
    "stream records are discarded",
  );
  for (let failures = 1; options.sendToDestination; failures += 1) {
    try {
      await options.sendToDestination(batch, new Date(options.now()));
      break;
    } catch (error) {
      log.error({ destination: source.onFailureArn, err: error }, "destination cannot be reached");
      await pause(growingPause(failures, 100, 10_000), signal);
      if (signal.aborted) return;
    }
  }
  options.settled(lastNumber(records));
}

function lastNumber(records: StreamRecord[]): string {
  return records.at(-1)?.dynamodb.SequenceNumber ?? "";
}
