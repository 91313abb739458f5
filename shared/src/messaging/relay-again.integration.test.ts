import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import type { SQSEvent } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rememberingLog } from "../log.testkit.ts";
import { fact, numberOf, scriptedBus } from "./bus.testkit.ts";
import { createPublisher } from "./publish.ts";
import { type Change, createRelay, type DeadLetter } from "./relay.ts";
import { createRelayAgain } from "./relay-again.ts";
import { type BatchInfo, createStreamReader } from "./stream-reader.ts";

const done = { batchItemFailures: [] };
let dataDir: string;
let database: Awaited<ReturnType<typeof startDynamoDb>>;
let streams: DynamoDBStreamsClient;
/** Of a table with the items 0 to 9, of which 6 makes no sense. */
let shard: { streamArn: string; shardId: string };
let numbers: string[];
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "relay-again-"));
  database = await startDynamoDb({ dataDir });
  const client = {
    endpoint: database.url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  const tables = new DynamoDBClient(client);
  streams = new DynamoDBStreamsClient(client);
  const { TableDescription } = await tables.send(
    new CreateTableCommand({
      TableName: "counted",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    }),
  );
  for (let n = 0; n < 10; n++) {
    const Item = { id: { S: `item-${n}` }, number: { N: String(n) } };
    await tables.send(new PutItemCommand({ TableName: "counted", Item }));
  }
  const streamArn = TableDescription?.LatestStreamArn ?? "";
  const described = await streams.send(new DescribeStreamCommand({ StreamArn: streamArn }));
  const shardId = described.StreamDescription?.Shards?.[0]?.ShardId ?? "";
  shard = { streamArn, shardId };
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: shardId,
      ShardIteratorType: "TRIM_HORIZON",
    }),
  );
  const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
  numbers = Records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? "");
  tables.destroy();
});
afterAll(async () => {
  streams.destroy();
  await database.close();
  await rm(dataDir, { recursive: true });
});

let bus: ReturnType<typeof scriptedBus>;
let aside: DeadLetter[];
let errors: Record<string, unknown>[];
let again: ReturnType<typeof createRelayAgain>;
beforeEach(() => {
  bus = scriptedBus();
  aside = [];
  const { log, lines } = rememberingLog();
  errors = lines;
  const publisher = createPublisher(bus.client, "shoebox", log);
  const toEvents = ({ after }: Change) => {
    if (Number(after?.number) === 6) throw new Error("this item makes no sense");
    return [fact(Number(after?.number))];
  };
  again = createRelayAgain({
    relay: createRelay({ publisher, toEvents, log }),
    relayBatch: createRelay({
      publisher,
      toEvents,
      log,
      setAside: async (letter) => void aside.push(letter),
    }),
    readStream: createStreamReader(() => streams),
    log,
  });
});

/** What the local Lambda, as AWS's, tells a queue of the records from one to another. */
const givenUp = (batch: Partial<BatchInfo>) =>
  ({
    Records: [
      {
        messageId: "m-1",
        attributes: { ApproximateReceiveCount: "1" },
        body: JSON.stringify({
          requestContext: { condition: "RetryAttemptsExhausted" },
          version: "1.0",
          DDBStreamBatchInfo: { ...shard, batchSize: 3, ...batch },
        }),
      },
    ],
  }) as SQSEvent;
const between = (first: number, last: number) =>
  givenUp({ startSequenceNumber: numbers[first], endSequenceNumber: numbers[last] });

describe("records that Lambda gave up", () => {
  it("are read from the stream and relayed, from the first to the last and no others, as often as asked", async () => {
    expect(await again(between(2, 4))).toEqual(done);
    expect(await again(between(2, 4))).toEqual(done);
    expect(bus.taken.map(numberOf)).toEqual([2, 3, 4, 2, 3, 4]);
    expect(await again(between(9, 9))).toEqual(done);
    expect(bus.taken.map(numberOf).at(-1)).toBe(9);
  });

  it("hold up none of their neighbours: what makes no sense is set aside whole", async () => {
    expect(await again(between(5, 8))).toEqual(done);
    expect(bus.taken.map(numberOf)).toEqual([5, 7, 8]);
    expect(aside).toMatchObject([
      { reason: "this item makes no sense", record: { dynamodb: { SequenceNumber: numbers[6] } } },
    ]);
  });

  it("come back to their queue when the bus is down", async () => {
    bus = scriptedBus(() => "fail");
    const { log } = rememberingLog();
    const relay = createRelay({
      publisher: createPublisher(bus.client, "shoebox", log),
      toEvents: () => [fact(1)],
      log,
    });
    const readStream = createStreamReader(() => streams);
    const failing = createRelayAgain({ relay, relayBatch: relay, readStream, log });
    expect((await failing(between(0, 1))).batchItemFailures).toHaveLength(1);
  });

  it("that the stream has lost are left to those who wait for them, and that is said", async () => {
    const before = BigInt(numbers[0] ?? 0) - 1n;
    const partly = { startSequenceNumber: String(before), endSequenceNumber: numbers[1] };
    expect(await again(givenUp(partly))).toEqual(done);
    expect(bus.taken.map(numberOf)).toEqual([0, 1]);
    const elsewhere = {
      streamArn: `${shard.streamArn.split("/stream/")[0]?.replace("counted", "gone")}/stream/2020-01-01T00:00:00.000`,
      startSequenceNumber: "1",
      endSequenceNumber: "2",
    };
    expect(await again(givenUp(elsewhere))).toEqual(done);
    expect(bus.taken).toHaveLength(2);
    expect(errors.filter(({ msg }) => String(msg).includes("has lost records"))).toHaveLength(2);
  });
});
