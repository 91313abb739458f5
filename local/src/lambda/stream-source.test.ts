import type { DynamoDBStreamEvent } from "aws-lambda";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { temporaryDirectory } from "./handlers.testkit.ts";
import { watchStreams } from "./idle-wait.ts";
import type { DiscardedBatch } from "./on-failure.ts";
import { failuresOf, idsOf, startStreamWorld } from "./stream.testkit.ts";
import { streamFilter } from "./stream-filter.ts";

const dir = temporaryDirectory();
let world: Awaited<ReturnType<typeof startStreamWorld>>;

beforeAll(async () => {
  world = await startStreamWorld(dir.path);
});

afterAll(async () => {
  await world.close();
  dir.remove();
});

/** A handler that keeps the ids of each batch and answers with `respond`. */
function keeping(respond: (event: DynamoDBStreamEvent) => unknown = () => null) {
  const batches: string[][] = [];
  const handler = (event: DynamoDBStreamEvent) => {
    batches.push(idsOf(event));
    return respond(event);
  };
  return { batches, handler };
}

describe("a stream event source", () => {
  it("delivers the documented records in order", async () => {
    const { streamArn, put, remove } = await world.table();
    await put("a");
    await put("a");
    await remove("a");
    const seen = Promise.withResolvers<DynamoDBStreamEvent>();
    await world.start(streamArn, (event) => seen.resolve(event));
    const { Records } = await seen.promise;
    expect(Records.map((record) => record.eventName)).toEqual(["INSERT", "MODIFY", "REMOVE"]);
    expect(Records[1]).toEqual({
      eventID: expect.any(String),
      eventName: "MODIFY",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      dynamodb: {
        ApproximateCreationDateTime: expect.closeTo(Date.now() / 1000, -2),
        Keys: { id: { S: "a" } },
        NewImage: { id: { S: "a" }, bytes: { B: "aGk=" } },
        OldImage: { id: { S: "a" }, bytes: { B: "aGk=" } },
        SequenceNumber: expect.stringMatching(/^\d+$/),
        SizeBytes: expect.any(Number),
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
      eventSourceARN: streamArn,
    });
    expect(Records[2]?.dynamodb).not.toHaveProperty("NewImage");
  });

  it("delivers no more in a batch than is allowed, and what it has read goes on in the same order", async () => {
    const { streamArn, put } = await world.table();
    await put("1", "2", "3", "4", "5");
    const { batches, handler } = keeping();
    await world.start(streamArn, handler, { batchSize: 2 });
    await vi.waitFor(() => expect(batches).toEqual([["1", "2"], ["3", "4"], ["5"]]));
  });

  it("begins again at the lowest failed record, whatever the order of the report", async () => {
    const { streamArn, put } = await world.table();
    await put("1", "2", "3", "4");
    let failing = true;
    const { batches, handler } = keeping((event) => {
      const response = failuresOf(event, failing ? ["4", "2"] : []);
      response.batchItemFailures.reverse();
      failing = false;
      return response;
    });
    await world.start(streamArn, handler);
    await vi.waitFor(() =>
      expect(batches).toEqual([
        ["1", "2", "3", "4"],
        ["2", "3", "4"],
      ]),
    );
  });

  it("halves a failed batch until the poison record is alone, then discards it alone", async () => {
    const { streamArn, put } = await world.table();
    await put("1", "2", "3", "4");
    const discarded: DiscardedBatch[] = [];
    const { batches, handler } = keeping((event) => {
      if (idsOf(event).includes("3")) throw new Error("poison");
    });
    await world.start(
      streamArn,
      handler,
      { bisectBatchOnFunctionError: true, maximumRetryAttempts: 1 },
      { sendToDestination: async (batch) => void discarded.push(batch) },
    );
    await vi.waitFor(() => expect(batches.at(-1)).toEqual(["4"]));
    expect(batches).toEqual([["1", "2", "3", "4"], ["1", "2"], ["3", "4"], ["3"], ["3"], ["4"]]);
    expect(discarded).toMatchObject([
      {
        condition: "RetryAttemptsExhausted",
        records: [{ dynamodb: { Keys: { id: { S: "3" } } } }],
      },
    ]);
  });

  it("retries without end by default, and nothing overtakes", async () => {
    const { streamArn, put } = await world.table();
    await put("1");
    let left = 8;
    const { batches, handler } = keeping(() => {
      left -= 1;
      if (left > 0) throw new Error("not yet");
    });
    await world.start(streamArn, handler, { batchSize: 1 });
    await put("2");
    await vi.waitFor(() => expect(batches.flat()).toContain("2"));
    expect(batches).toEqual([...Array(8).fill(["1"]), ["2"]]);
  });

  it("does not go on before a discarded batch has arrived at its destination", async () => {
    const { streamArn, put } = await world.table();
    await put("1", "2");
    let down = 2;
    const { batches, handler } = keeping((event) => {
      if (idsOf(event).includes("1")) throw new Error("poison");
    });
    await world.start(
      streamArn,
      handler,
      { batchSize: 1, maximumRetryAttempts: 0 },
      {
        sendToDestination: async () => {
          down -= 1;
          expect(batches).toEqual([["1"]]);
          if (down >= 0) throw new Error("destination is down");
        },
      },
    );
    await vi.waitFor(() => expect(batches).toEqual([["1"], ["2"]]), 3000);
    expect(down).toBe(-1);
  });

  it("discards records that are too old without an invocation", async () => {
    const { streamArn, put } = await world.table();
    await put("1");
    const discarded: DiscardedBatch[] = [];
    const { batches, handler } = keeping();
    const later = Date.now() + 120_000;
    await world.start(
      streamArn,
      handler,
      { maximumRecordAgeSeconds: 60 },
      { now: () => later, sendToDestination: async (batch) => void discarded.push(batch) },
    );
    await vi.waitFor(() => expect(discarded).toHaveLength(1));
    expect(discarded).toMatchObject([{ condition: "RecordAgeExceeded", invocations: 0 }]);
    expect(batches).toEqual([]);
  });

  it("goes on after the last settled record when it is started again", async () => {
    const { streamArn, put } = await world.table();
    await put("1", "2", "3");
    const first = keeping((event) => failuresOf(event, ["3"]));
    const running = await world.start(streamArn, first.handler);
    await vi.waitFor(() => expect(first.batches.length).toBeGreaterThan(1));
    await running.close();
    world.reopenCheckpoints();
    await put("4");
    const second = keeping();
    await world.start(streamArn, second.handler);
    await vi.waitFor(() => expect(second.batches.flat()).toEqual(["3", "4"]));
  });

  it("begins at LATEST once, and misses nothing that is written while it is down", async () => {
    const { streamArn, put } = await world.table();
    await put("before");
    const first = keeping();
    const running = await world.start(streamArn, first.handler, { startingPosition: "LATEST" });
    await running.close();
    world.reopenCheckpoints();
    await put("meanwhile");
    const second = keeping();
    await world.start(streamArn, second.handler, { startingPosition: "LATEST" });
    await vi.waitFor(() => expect(second.batches).toEqual([["meanwhile"]]));
    expect(first.batches).toEqual([]);
  });

  it("passes over what the filters do not want, also across a restart", async () => {
    const { streamArn, put, remove } = await world.table();
    await put("1", "2");
    await remove("1");
    const wanted = streamFilter([
      { eventName: ["REMOVE"] },
      { dynamodb: { Keys: { id: { S: ["9"] } } } },
    ]);
    const { batches, handler } = keeping();
    await world.start(streamArn, handler, {}, { wanted });
    await vi.waitFor(() => expect(batches).toEqual([["1"]]));
    await put("8", "9");
    await vi.waitFor(() => expect(batches).toEqual([["1"], ["9"]]));
  });

  it("collects records for the batching window", async () => {
    const { streamArn, put } = await world.table();
    const { batches, handler } = keeping();
    await put("1");
    await world.start(streamArn, handler, { batchSize: 3, maximumBatchingWindowSeconds: 5 });
    await put("2", "3");
    await vi.waitFor(() => expect(batches).toEqual([["1", "2", "3"]]));
  });

  describe("that watches the database's file", () => {
    // Only a change that is seen ends a wait within the time of a test.
    const watchLong = () => watchStreams(world.databaseDir, pino({ enabled: false }), 3_600_000);

    it("reads a new record at once", async () => {
      const { streamArn, put } = await world.table();
      const changes = watchLong();
      let arrived = Promise.withResolvers<string[]>();
      const source = await world.start(
        streamArn,
        (event) => arrived.resolve(idsOf(event)),
        {},
        { idle: changes.idle(streamArn) },
      );
      for (const id of ["1", "2", "3", "4", "5"]) {
        arrived = Promise.withResolvers();
        await put(id);
        expect(await arrived.promise).toEqual([id]);
      }
      await source.close();
      changes.close();
    });

    it("does not read for what is written to other tables", async () => {
      const [own, other] = [await world.table(), await world.table()];
      const changes = watchLong();
      const over = new AbortController();
      const wait = ({ streamArn }: typeof own) => changes.idle(streamArn)()(over.signal);
      let read = false;
      const waiting = wait(own).then(() => {
        read = true;
      });
      for (const id of ["1", "2", "3"]) {
        const told = wait(other);
        await other.put(id);
        await told;
      }
      expect(read).toBe(false);
      over.abort();
      await waiting;
      changes.close();
    });
  });

  it("refuses a parallelization factor", async () => {
    await expect(world.start("arn", () => null, { parallelizationFactor: 2 })).rejects.toThrow(
      "parallelization factor of 2 is not supported",
    );
  });
});
