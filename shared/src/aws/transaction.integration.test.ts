import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { applyTable } from "@shoebox/local/dynamodb/apply-table";
import { type LocalDynamoDb, startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { holdItems } from "./transaction.testkit.ts";
import { type TransactItem, transact, whenFree } from "./transaction.ts";

const TABLE = "things";
let dataDir: string;
let local: LocalDynamoDb;
let client: DynamoDBDocumentClient;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "shoebox-transaction-"));
  local = await startDynamoDb({ dataDir });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const dynamo = new DynamoDBClient({ endpoint: local.url, region: "us-east-1", credentials });
  client = DynamoDBDocumentClient.from(dynamo);
  await applyTable(dynamo, {
    TableName: TABLE,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "PK", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "PK", KeyType: "HASH" }],
  });
});
afterAll(async () => {
  client.destroy();
  await local.close();
  await rm(dataDir, { recursive: true });
});

const count = (PK: string) => ({
  TableName: TABLE,
  Key: { PK },
  UpdateExpression: "ADD times :one",
  ExpressionAttributeValues: { ":one": 1 },
});
const never = (PK: string): TransactItem => ({
  Put: { TableName: TABLE, Item: { PK }, ConditionExpression: "attribute_exists(PK)" },
});
const timesOf = async (PK: string) =>
  (await client.send(new GetCommand({ TableName: TABLE, Key: { PK }, ConsistentRead: true }))).Item
    ?.times;

function hold(...held: Parameters<typeof holdItems> extends [unknown, ...infer Rest] ? Rest : []) {
  const holding = holdItems(client, ...held);
  onTestFinished(holding.release);
  return holding;
}

describe("a transaction", () => {
  it("waits while another one holds an item, and is then done, once", async () => {
    const { writes } = hold("TransactWriteItemsCommand", 2);
    const done = await transact(client, [{ Update: count("a") }, { Update: count("b") }]);
    expect([done, writes()]).toEqual([{ done: true }, 3]);
    expect([await timesOf("a"), await timesOf("b")]).toEqual([1, 1]);
  });

  it("fails when the item stays held for some seconds, and has changed nothing", async () => {
    const { writes } = hold("TransactWriteItemsCommand", 100);
    await expect(transact(client, [{ Update: count("c") }])).rejects.toMatchObject({
      name: "TransactionCanceledException",
    });
    expect(writes()).toBe(8);
    expect(await timesOf("c")).toBeUndefined();
  });

  it("names the items whose conditions do not hold, after one attempt, and has changed nothing", async () => {
    const { writes } = hold("TransactWriteItemsCommand", 0);
    const items = [{ Update: count("d") }, never("e"), never("f")];
    expect(await transact(client, items)).toEqual({ done: false, refused: [1, 2] });
    expect(writes()).toBe(1);
    expect(await timesOf("d")).toBeUndefined();
  });

  it("of many on one item at the same time is done each, once", async () => {
    const all = Array.from({ length: 20 }, (_, n) =>
      transact(client, [{ Update: count("hot") }, { Update: count(`own-${n}`) }]),
    );
    expect(await Promise.all(all)).toEqual(Array(20).fill({ done: true }));
    expect(await timesOf("hot")).toBe(20);
  });
});

it("a write alone waits for a transaction, too", async () => {
  const { writes } = hold("UpdateItemCommand", 2);
  await whenFree(() => client.send(new UpdateCommand(count("g"))));
  expect([writes(), await timesOf("g")]).toEqual([3, 1]);
});
