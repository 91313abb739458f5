import {
  DescribeStreamCommand,
  type DescribeStreamOutput,
  type DynamoDBStreamsClient,
  type Shard,
} from "@aws-sdk/client-dynamodb-streams";
import type { Logger } from "pino";
import { type IdleWait, pollEvery } from "./idle-wait.ts";
import type { SendToDestination } from "./on-failure.ts";
import { growingPause, pause } from "./pause.ts";
import type { Invoke } from "./runtime.ts";
import type { FunctionSpec, StreamSource } from "./spec.ts";
import type { RetryPause } from "./stream-batch.ts";
import type { StreamCheckpoints } from "./stream-checkpoints.ts";
import type { StreamRecord } from "./stream-event.ts";
import { deliverShard } from "./stream-shard.ts";
import { latestSequenceNumber } from "./stream-start.ts";

export interface StreamSourceOptions {
  streams: DynamoDBStreamsClient;
  invoke: Invoke;
  function: FunctionSpec;
  checkpoints: StreamCheckpoints;
  sendToDestination: SendToDestination | undefined;
  wanted: (record: StreamRecord) => boolean;
  region: string;
  log: Logger;
  now?: () => number;
  /** Default: look every 50 ms. */
  idle?: IdleWait;
  shardRefreshMs?: number;
  retryPause?: RetryPause;
}

/**
 * Runs one DynamoDB stream event source mapping until `close`, which waits for the batches under way. Resolves when
 * the stream's present shards are known and, for LATEST, the place to begin is kept.
 *
 * @throws Error in one sentence for settings that are not supported
 */
export async function startStreamSource(
  source: StreamSource,
  options: StreamSourceOptions,
): Promise<{ close(): Promise<void> }> {
  if ((source.parallelizationFactor ?? 1) !== 1) {
    throw new Error(
      `Event source mapping ${source.id}: a parallelization factor of ${source.parallelizationFactor} is not supported; only 1 is.`,
    );
  }
  const stop = new AbortController();
  const mapping = new StreamMapping(source, options, stop.signal);
  await mapping.startShards();
  const watching = mapping.watch();
  return {
    close: async () => {
      stop.abort();
      await watching;
      await mapping.idle();
    },
  };
}

/** The shards of one mapping that are being delivered, each in a loop of its own. */
class StreamMapping {
  readonly #source: StreamSource;
  readonly #options: StreamSourceOptions;
  readonly #signal: AbortSignal;
  readonly #delivering = new Map<string, Promise<void>>();
  #shardEnded = Promise.withResolvers<void>();

  constructor(source: StreamSource, options: StreamSourceOptions, signal: AbortSignal) {
    this.#source = source;
    this.#options = options;
    this.#signal = signal;
  }

  /** Looks for new shards now and then, and at once when one ends, for its children may begin. */
  async watch(): Promise<void> {
    let failures = 0;
    while (!this.#signal.aborted) {
      await Promise.race([
        pause(this.#options.shardRefreshMs ?? 10_000, this.#signal),
        this.#shardEnded.promise,
      ]);
      if (this.#signal.aborted) return;
      this.#shardEnded = Promise.withResolvers<void>();
      try {
        await this.startShards();
        failures = 0;
      } catch (error) {
        if (this.#signal.aborted) return;
        failures += 1;
        this.#options.log.warn(
          { streamArn: this.#source.streamArn, err: error },
          "shards could not be listed",
        );
        await pause(growingPause(failures, 100, 5000), this.#signal);
        this.#shardEnded.resolve();
      }
    }
  }

  async idle(): Promise<void> {
    await Promise.all(this.#delivering.values());
  }

  /** Starts every shard that is not finished and whose parent is. */
  async startShards(): Promise<void> {
    const { checkpoints, streams } = this.#options;
    const { id, streamArn, startingPosition } = this.#source;
    const shards = await this.#listShards();
    // Only shards that are there when the mapping first runs begin at their end; a later child is new in whole.
    const atEnd = startingPosition === "LATEST" && checkpoints.isNew(id, streamArn);
    const known = new Set(shards.map((shard) => shard.ShardId));
    for (const { ShardId: shardId, ParentShardId: parentId } of shards) {
      if (!shardId || this.#delivering.has(shardId)) continue;
      if (atEnd) {
        const after = await latestSequenceNumber(streams, streamArn, shardId, this.#signal);
        checkpoints.write(id, streamArn, shardId, { after, finished: false });
      }
      if (checkpoints.read(id, streamArn, shardId)?.finished) continue;
      const parentOpen = parentId !== undefined && known.has(parentId);
      if (parentOpen && !checkpoints.read(id, streamArn, parentId)?.finished) continue;
      this.#deliver(shardId);
    }
  }

  #deliver(shardId: string): void {
    const defaults = {
      now: Date.now,
      idle: pollEvery(50),
      retryPause: { firstMs: 100, maximumMs: 30_000 },
    };
    const delivering = deliverShard({
      ...defaults,
      ...this.#options,
      source: this.#source,
      shardId,
      signal: this.#signal,
    }).then((ended) => {
      this.#delivering.delete(shardId);
      if (ended) this.#shardEnded.resolve();
    });
    this.#delivering.set(shardId, delivering);
  }

  async #listShards(): Promise<Shard[]> {
    const shards: Shard[] = [];
    let from: string | undefined;
    do {
      const answer: DescribeStreamOutput = await this.#options.streams.send(
        new DescribeStreamCommand({
          StreamArn: this.#source.streamArn,
          ExclusiveStartShardId: from,
        }),
        { abortSignal: this.#signal },
      );
      shards.push(...(answer.StreamDescription?.Shards ?? []));
      from = answer.StreamDescription?.LastEvaluatedShardId;
    } while (from !== undefined);
    return shards;
  }
}
