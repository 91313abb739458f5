import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyTable } from "./apply-table.ts";
import { dynoxideBinary } from "./dynoxide-binary.ts";
import { type LocalDynamoDb, startDynamoDb } from "./start-dynamodb.ts";
import { identityOf } from "./stream-identity.ts";
import { declaration, item, records } from "./tables.testkit.ts";

const HOUR = 3600 * 1000;
let dataDir: string;
let local: LocalDynamoDb;
let client: DynamoDBClient;
let streams: DynamoDBStreamsClient;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "dynamodb-"));
  local = await startDynamoDb({ dataDir });
  const config = {
    endpoint: local.url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  client = new DynamoDBClient(config);
  streams = new DynamoDBStreamsClient(config);
});

afterAll(async () => {
  client.destroy();
  streams.destroy();
  await local.close();
  await rm(dataDir, { recursive: true });
});

describe("streams", () => {
  it("trims what is older than 24 hours and keeps the sequence growing", async () => {
    const table = declaration();
    const { streamArn } = await applyTable(client, table);
    for (const n of ["1", "2", "3"]) {
      await client.send(new PutItemCommand({ TableName: table.TableName, Item: item("a", n) }));
    }
    expect((await local.sweep(Date.now() + 23 * HOUR)).trimmed).toBe(0);
    expect((await local.sweep(Date.now() + 25 * HOUR)).trimmed).toBeGreaterThanOrEqual(2);
    await client.send(new PutItemCommand({ TableName: table.TableName, Item: item("a", "4") }));
    const left = await records(streams, streamArn);
    expect(left.map((r) => [r.dynamodb?.SequenceNumber, r.dynamodb?.Keys?.SK?.S])).toEqual([
      ["3", "3"],
      ["4", "4"],
    ]);
  });

  it("does not get slower with 20,000 records of history", async () => {
    const table = declaration();
    await applyTable(client, table);
    const before = await timePuts(table.TableName, 100);
    const db = new DatabaseSync(join(dataDir, "dynamodb.sqlite"), { timeout: 5_000 });
    db.exec(`WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 21000)
      INSERT INTO _stream_records (table_name, event_name, keys_json, new_image, sequence_number, shard_id, created_at)
      SELECT '${table.TableName}', 'INSERT', '{"PK":{"S":"h"},"SK":{"S":"' || i || '"}}', '{}', CAST(i AS TEXT),
        'shardId-00000001-${table.TableName}', unixepoch() FROM n`);
    db.close();
    const after = await timePuts(table.TableName, 100);
    expect(after / before).toBeLessThan(3);
  });

  async function timePuts(TableName: string, count: number): Promise<number> {
    const start = performance.now();
    for (let n = 0; n < count; n += 1) {
      await client.send(new PutItemCommand({ TableName, Item: item("speed", String(n)) }));
    }
    return performance.now() - start;
  }
});

describe("time to live", () => {
  const seconds = (ms: number) => ({ N: String(Math.floor(ms / 1000)) });

  it("removes what has expired, and the stream says that DynamoDB did it and not a user", async () => {
    const table = declaration();
    const { streamArn } = await applyTable(client, table);
    const { TableName } = table;
    const now = Date.now();
    const put = (sk: string, expires?: AttributeValue) =>
      client.send(
        new PutItemCommand({ TableName, Item: item("a", sk, expires ? { expires } : {}) }),
      );
    await put("past", seconds(now - 1 * HOUR));
    await put("user", seconds(now - 1 * HOUR));
    await put("future", seconds(now + 1 * HOUR));
    await put("never");
    await put("text", { S: "0" });
    await put("ancient", { N: "1" });
    await client.send(new DeleteItemCommand({ TableName, Key: item("a", "user") }));
    expect((await local.sweep(now)).expired).toBe(1);
    const { Items } = await client.send(new ScanCommand({ TableName }));
    expect(Items?.map((i) => i.SK?.S).sort()).toEqual(["ancient", "future", "never", "text"]);
    const removed = (await records(streams, streamArn)).filter((r) => r.eventName === "REMOVE");
    expect(removed.map((r) => [r.dynamodb?.Keys?.SK?.S, identityOf(r)])).toEqual([
      ["user", undefined],
      ["past", { principalId: "dynamodb.amazonaws.com", type: "Service" }],
    ]);
    expect((await local.sweep(now + 2 * HOUR)).expired).toBe(1);
  });
});

describe("applyTable", () => {
  it("is idempotent and keeps the data", async () => {
    const table = declaration();
    const first = await applyTable(client, table);
    await client.send(new PutItemCommand({ TableName: table.TableName, Item: item("a", "1") }));
    expect(await applyTable(client, table)).toEqual(first);
    expect(first.tableArn).toBe(`arn:aws:dynamodb:us-east-1:000000000000:table/${table.TableName}`);
    expect((await client.send(new ScanCommand({ TableName: table.TableName }))).Count).toBe(1);
  });

  it("adds an index that was declared later, filled from the items that are there", async () => {
    const later = declaration();
    const table = {
      ...later,
      GlobalSecondaryIndexes: undefined,
      AttributeDefinitions: later.AttributeDefinitions?.slice(0, 2),
    };
    await applyTable(client, table);
    const { TableName } = table;
    await client.send(
      new PutItemCommand({ TableName, Item: item("a", "1", { tag: { S: "sea" } }) }),
    );
    await applyTable(client, later);
    const { Items } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: "by-tag",
        KeyConditionExpression: "tag = :tag",
        ExpressionAttributeValues: { ":tag": { S: "sea" } },
      }),
    );
    expect(Items).toHaveLength(1);
  });

  it("refuses another key in a sentence that says --fresh", async () => {
    const table = declaration({ GlobalSecondaryIndexes: undefined });
    table.AttributeDefinitions = table.AttributeDefinitions?.slice(0, 2);
    await applyTable(client, table);
    const changed = {
      ...table,
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" as const }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" as const }],
    };
    await expect(applyTable(client, changed)).rejects.toThrow(/--fresh/);
  });
});

it("names the platform and the package when there is no program for it", () => {
  expect(() => dynoxideBinary("sunos", "sparc")).toThrow(
    /sunos-sparc: the package @dynoxide\/sunos-sparc is not installed/,
  );
});
