import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyTable, type TableDeclaration } from "./apply-table.ts";
import { dynoxideBinary } from "./dynoxide-binary.ts";
import { type LocalDynamoDb, startDynamoDb } from "./start-dynamodb.ts";
import { identityOf } from "./stream-identity.ts";

const HOUR = 3600 * 1000;
let dataDir: string;
let local: LocalDynamoDb;
let client: DynamoDBClient;
let streams: DynamoDBStreamsClient;
let tables = 0;

function declaration(changes: Partial<TableDeclaration> = {}): TableDeclaration {
  tables += 1;
  return {
    TableName: `images-${tables}`,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["PK", "SK", "tag"].map((AttributeName) => ({
      AttributeName,
      AttributeType: "S",
    })),
    KeySchema: [
      { AttributeName: "PK", KeyType: "HASH" },
      { AttributeName: "SK", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "by-tag",
        KeySchema: [
          { AttributeName: "tag", KeyType: "HASH" },
          { AttributeName: "SK", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "ALL" },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
    ...changes,
  };
}

function item(
  pk: string,
  sk: string,
  more: Record<string, AttributeValue> = {},
): Record<string, AttributeValue> {
  return { PK: { S: pk }, SK: { S: sk }, ...more };
}

async function records(streamArn = "") {
  const { StreamDescription } = await streams.send(
    new DescribeStreamCommand({ StreamArn: streamArn }),
  );
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: StreamDescription?.Shards?.[0]?.ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    }),
  );
  const { Records } = await streams.send(new GetRecordsCommand({ ShardIterator, Limit: 1000 }));
  return Records ?? [];
}

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

describe("reads and writes", () => {
  it("refuses a conditional write whose condition does not hold and returns the item on request", async () => {
    const { TableName } = await created();
    await client.send(
      new PutItemCommand({ TableName, Item: item("a", "1", { version: { N: "1" } }) }),
    );
    const again = client.send(
      new PutItemCommand({
        TableName,
        Item: item("a", "1"),
        ConditionExpression: "attribute_not_exists(PK)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    await expect(again).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
      Item: { version: { N: "1" } },
    });
  });

  it("sees its own write in a consistent read at once", async () => {
    const { TableName } = await created();
    for (let n = 1; n <= 20; n += 1) {
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: item("a", "1"),
          UpdateExpression: "ADD version :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        }),
      );
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: item("a", "1"), ConsistentRead: true }),
      );
      expect(Item?.version).toEqual({ N: String(n) });
    }
  });

  it("changes nothing when one action of a transaction fails, and says which and why", async () => {
    const { TableName } = await created();
    await client.send(new PutItemCommand({ TableName, Item: item("taken", "1") }));
    const transaction = client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: item("fresh", "1") } },
          {
            Put: {
              TableName,
              Item: item("taken", "1"),
              ConditionExpression: "attribute_not_exists(PK)",
            },
          },
        ],
      }),
    );
    const error = await transaction.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect((error as TransactionCanceledException).CancellationReasons?.map((r) => r.Code)).toEqual(
      ["None", "ConditionalCheckFailed"],
    );
    const { Items } = await client.send(new ScanCommand({ TableName }));
    expect(Items).toEqual([item("taken", "1")]);
  });

  it("refuses a transaction that names one item twice", async () => {
    const { TableName } = await created();
    const Put = { TableName, Item: item("a", "1") };
    const twice = client.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }, { Put }] }));
    await expect(twice).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("answers an index query in order, page by page", async () => {
    const { TableName } = await created();
    for (const n of ["3", "1", "2"]) {
      await client.send(
        new PutItemCommand({ TableName, Item: item(`u${n}`, n, { tag: { S: "sea" } }) }),
      );
    }
    await client.send(new PutItemCommand({ TableName, Item: item("u9", "9") }));
    const query = {
      TableName,
      IndexName: "by-tag",
      KeyConditionExpression: "tag = :tag",
      ExpressionAttributeValues: { ":tag": { S: "sea" } },
      ScanIndexForward: false,
      Limit: 2,
    };
    const first = await client.send(new QueryCommand(query));
    const second = await client.send(
      new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }),
    );
    expect(first.Items?.map((i) => i.SK?.S)).toEqual(["3", "2"]);
    expect(second.Items?.map((i) => i.SK?.S)).toEqual(["1"]);
  });

  async function created() {
    const table = declaration();
    await applyTable(client, table);
    return table;
  }
});

describe("streams", () => {
  it("tells every change of an item in order with both images", async () => {
    const table = declaration();
    const { streamArn } = await applyTable(client, table);
    const { TableName } = table;
    await client.send(new PutItemCommand({ TableName, Item: item("a", "1", { n: { N: "1" } }) }));
    await client.send(new PutItemCommand({ TableName, Item: item("a", "1", { n: { N: "2" } }) }));
    await client.send(new DeleteItemCommand({ TableName, Key: item("a", "1") }));
    const seen = await records(streamArn);
    expect(
      seen.map((r) => [r.eventName, r.dynamodb?.OldImage?.n?.N, r.dynamodb?.NewImage?.n?.N]),
    ).toEqual([
      ["INSERT", undefined, "1"],
      ["MODIFY", "1", "2"],
      ["REMOVE", "2", undefined],
    ]);
    const sequence = seen.map((r) => Number(r.dynamodb?.SequenceNumber));
    expect(sequence).toEqual(sequence.toSorted((a, b) => a - b));
    expect(seen.every((r) => r.userIdentity === undefined)).toBe(true);
  });

  it("trims what is older than 24 hours and keeps the sequence growing", async () => {
    const table = declaration();
    const { streamArn } = await applyTable(client, table);
    for (const n of ["1", "2", "3"]) {
      await client.send(new PutItemCommand({ TableName: table.TableName, Item: item("a", n) }));
    }
    expect((await local.sweep(Date.now() + 23 * HOUR)).trimmed).toBe(0);
    expect((await local.sweep(Date.now() + 25 * HOUR)).trimmed).toBeGreaterThanOrEqual(2);
    await client.send(new PutItemCommand({ TableName: table.TableName, Item: item("a", "4") }));
    const left = await records(streamArn);
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
    const removed = (await records(streamArn)).filter((r) => r.eventName === "REMOVE");
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
