import type { InvokeResult } from "@shoebox/local/lambda/runtime";
import { settleBatch } from "@shoebox/local/lambda/stream-batch";
import { createLogger } from "@shoebox/shared/log";
import type { Shard, Stream } from "../dynamodb/stream.ts";
import type { Queue } from "../sqs/queue.ts";
import type { Faults } from "../world/faults.ts";
import { inWorld } from "../world/invocation.ts";
import type { Random } from "../world/random.ts";
import type { Scheduler } from "../world/scheduler.ts";
import type { Functions } from "./functions.ts";
import type { StreamSourceSpec } from "./spec.ts";

/** Milliseconds; the longest is longer than Lambda's, so that an outage of a day is not ten thousand tries. */
const RETRY_PAUSE = { firstMs: 500, maximumMs: 900_000 };
const silent = createLogger("sim", "silent");

/**
 * A stream that calls a function: each shard in order, a batch at a time, and what becomes of a batch
 * that fails is decided by the same code as in the local cloud.
 */
export function connectStream(
  source: StreamSourceSpec,
  stream: Stream,
  world: {
    scheduler: Scheduler;
    random: Random;
    faults: Faults;
    functions: Functions;
    queue: (arn: string) => Queue;
    say: (text: string) => void;
  },
): void {
  const { scheduler, random, faults, functions, say } = world;
  const running = new Set<Shard>();

  function settle(shard: Shard, count: number, isAgain: boolean): Promise<void> {
    const records = shard.records.slice(0, count);
    return settleBatch(records, {
      source: {
        type: "stream",
        id: source.functionArn,
        functionName: source.functionArn,
        streamArn: source.streamArn,
        batchSize: source.batchSize,
        startingPosition: "TRIM_HORIZON",
        reportBatchItemFailures: true,
        bisectBatchOnFunctionError: source.bisect,
        maximumRetryAttempts: source.maximumRetries,
        maximumRecordAgeSeconds: source.maximumAgeSeconds,
        onFailureArn: source.onFailureArn,
      },
      function: {
        name: source.functionArn,
        arn: source.functionArn,
        entry: "",
        handler: "",
        environment: {},
        timeoutSeconds: functions.spec(source.functionArn).timeout / 1000,
        memoryMb: 0,
      },
      shardId: shard.id,
      invoke,
      settled(sequenceNumber) {
        // The checkpoint that a poller lost is not moved: the batch comes again.
        if (isAgain) return;
        const behind = shard.records.findIndex(
          (record) => record.dynamodb.SequenceNumber > sequenceNumber,
        );
        shard.records.splice(0, behind === -1 ? shard.records.length : behind);
      },
      sendToDestination: async (batch) => {
        say(`${source.streamArn.split("/")[1]}: ${batch.records.length} changes are given up`);
        if (source.onFailureArn === undefined) return;
        const first = batch.records[0];
        const last = batch.records.at(-1) ?? first;
        const info = {
          shardId: batch.shardId,
          startSequenceNumber: first.dynamodb.SequenceNumber,
          endSequenceNumber: last.dynamodb.SequenceNumber,
          batchSize: batch.records.length,
          streamArn: batch.streamArn,
        };
        const body = { requestContext: { condition: batch.condition }, DDBStreamBatchInfo: info };
        world.queue(source.onFailureArn).send(JSON.stringify(body));
      },
      retryPause: RETRY_PAUSE,
      now: scheduler.now,
      log: silent,
      signal: new AbortController().signal,
    });
  }

  async function invoke(functionArn: string, event: unknown): Promise<InvokeResult> {
    const outcome = await functions.call(functionArn, event);
    const requestId = "";
    if (outcome.kind === "answered") {
      return { outcome: "success", requestId, payload: outcome.payload };
    }
    const error = { errorType: "Error", errorMessage: outcome.kind, trace: [] };
    return { outcome: "function-error", requestId, error };
  }

  async function deliver(shard: Shard): Promise<void> {
    while (shard.records.length > 0) {
      const lost = stream.trim(shard);
      if (lost > 0)
        say(`${source.streamArn.split("/")[1]}: ${lost} changes are older than a day and gone`);
      const count = Math.min(shard.records.length, 1 + random.int(source.batchSize));
      if (faults.is("again")) await settle(shard, count, true);
      await settle(shard, count, false);
    }
    running.delete(shard);
  }

  stream.onNews((shard) => {
    if (running.has(shard)) return;
    running.add(shard);
    // Records that are written together arrive together.
    scheduler.after(random.between(5, 250), () => inWorld(() => void deliver(shard)));
  });
}
