import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { afterAll, describe, expect, it, vi } from "vitest";
import {
  functionSpec,
  invokeOf,
  keepingLogger,
  REGION,
  temporaryDirectory,
} from "./handlers.testkit.ts";
import { pollEvery } from "./idle-wait.ts";
import { openStreamCheckpoints } from "./stream-checkpoints.ts";
import type { StreamRecord } from "./stream-event.ts";
import { startStreamSource } from "./stream-source.ts";

const dir = temporaryDirectory();
afterAll(dir.remove);

interface FakeShard {
  parent?: string;
  numbers: string[];
  closed: boolean;
}

/** A stream with several shards, which the local DynamoDB never has. Iterators are `shard/index`. */
function fakeStream(shards: Map<string, FakeShard>, trimmed?: string): DynamoDBStreamsClient {
  const send = async (command: {
    constructor: { name: string };
    input: Record<string, string>;
  }) => {
    const { input } = command;
    if (command.constructor.name === "DescribeStreamCommand") {
      const Shards = [...shards].map(([ShardId, { parent }]) => ({
        ShardId,
        ParentShardId: parent,
      }));
      return { StreamDescription: { Shards } };
    }
    if (command.constructor.name === "GetShardIteratorCommand") {
      const after = input.SequenceNumber;
      if (after !== undefined && after === trimmed) {
        throw Object.assign(new Error("trimmed"), { name: "TrimmedDataAccessException" });
      }
      const numbers = shards.get(input.ShardId ?? "")?.numbers ?? [];
      return { ShardIterator: `${input.ShardId}/${after ? numbers.indexOf(after) + 1 : 0}` };
    }
    const [shardId = "", index] = (input.ShardIterator ?? "").split("/");
    const shard = shards.get(shardId);
    const numbers = shard?.numbers.slice(Number(index)) ?? [];
    return {
      Records: numbers.map((SequenceNumber) => ({ dynamodb: { SequenceNumber } })),
      ...(!shard?.closed && { NextShardIterator: `${shardId}/${shard?.numbers.length}` }),
    };
  };
  return { send } as unknown as DynamoDBStreamsClient;
}

async function start(id: string, shards: Map<string, FakeShard>, trimmed?: string) {
  const seen: string[] = [];
  const checkpoints = openStreamCheckpoints(dir.path);
  const source = await startStreamSource(
    {
      type: "stream",
      id,
      functionName: "fn",
      streamArn: "arn",
      batchSize: 10,
      startingPosition: "TRIM_HORIZON",
      reportBatchItemFailures: false,
    },
    {
      streams: fakeStream(shards, trimmed),
      invoke: invokeOf((event) => {
        const { Records } = event as { Records: StreamRecord[] };
        seen.push(...Records.map((record) => record.dynamodb.SequenceNumber));
      }),
      function: functionSpec(),
      checkpoints,
      sendToDestination: undefined,
      wanted: () => true,
      region: REGION,
      log: keepingLogger().log,
      idle: pollEvery(5),
      shardRefreshMs: 10,
    },
  );
  const close = async () => {
    await source.close();
    checkpoints.close();
  };
  return { seen, close };
}

describe("the shards of a stream", () => {
  it("are followed as they split, a child only after the end of its parent", async () => {
    const shards = new Map<string, FakeShard>([
      ["child", { parent: "parent", numbers: ["4"], closed: false }],
      ["parent", { numbers: ["1", "2"], closed: false }],
    ]);
    const { seen, close } = await start("splitting", shards);
    await vi.waitFor(() => expect(seen).toEqual(["1", "2"]));
    const parent = shards.get("parent");
    parent?.numbers.push("3");
    if (parent) parent.closed = true;
    await vi.waitFor(() => expect(seen).toEqual(["1", "2", "3", "4"]));
    await close();

    // A shard that was read to its end is not read again by the next process.
    shards.get("child")?.numbers.push("5");
    const again = await start("splitting", shards);
    await vi.waitFor(() => expect(again.seen).toEqual(["5"]));
    await again.close();
  });

  it("go on at the oldest record that is left when the checkpoint was trimmed away", async () => {
    const shards = new Map<string, FakeShard>([["s", { numbers: ["1"], closed: false }]]);
    const first = await start("trimmed", shards);
    await vi.waitFor(() => expect(first.seen).toEqual(["1"]));
    await first.close();
    shards.set("s", { numbers: ["8", "9"], closed: false });
    const second = await start("trimmed", shards, "1");
    await vi.waitFor(() => expect(second.seen).toEqual(["8", "9"]));
    await second.close();
  });
});
