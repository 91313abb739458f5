import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
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
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyTable } from "./apply-table.ts";
import { startDynamoDb } from "./start-dynamodb.ts";
import { declaration, item, records } from "./tables.testkit.ts";

/** What Shoebox relies on, over the embedded DynamoDB or the one that SHOEBOX_DYNAMODB names. */

let stop: () => Promise<void>;
let client: DynamoDBClient;
let streams: DynamoDBStreamsClient;

beforeAll(async () => {
  const { url, close } = await startTables();
  const config = {
    endpoint: url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  };
  client = new DynamoDBClient(config);
  streams = new DynamoDBStreamsClient(config);
  stop = close;
});

afterAll(async () => {
  client.destroy();
  streams.destroy();
  await stop();
});

async function startTables(): Promise<{ url: string; close(): Promise<void> }> {
  const real = process.env.SHOEBOX_DYNAMODB;
  if (real) return { url: real, close: async () => undefined };
  const dataDir = await mkdtemp(join(tmpdir(), "dynamodb-"));
  const local = await startDynamoDb({ dataDir });
  return {
    url: local.url,
    async close() {
      await local.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

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
    const seen = await records(streams, streamArn);
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
});
