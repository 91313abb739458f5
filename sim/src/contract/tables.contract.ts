import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";

/** What a stream tells of one change. */
export interface ToldChange {
  name: string;
  before: string | undefined;
  after: string | undefined;
  byTtl: boolean;
}

/** A fresh table of pictures: PK and SK, an index `by-tag` over `tag` and SK, the time to live `expires`, a stream. */
export interface TableUnderTest {
  client: DynamoDBClient;
  TableName: string;
  /** What its stream holds: names of events, and the attribute `n` before and after. */
  changes(): Promise<ToldChange[]>;
  /** It tells more than DynamoDB: also of puts that change nothing. Who takes duplicates does not mind. */
  tellsEveryPut: boolean;
  now(): number;
  /** Lets hours pass; undefined where they can't be made to. */
  pass: ((hours: number) => Promise<void>) | undefined;
}

type Item = Record<string, AttributeValue>;

const item = (pk: string, sk: string, more: Item = {}): Item => ({
  PK: { S: pk },
  SK: { S: sk },
  ...more,
});
const number = (n: number): AttributeValue => ({ N: String(n) });

/** Conditions on an item with `n` 2, `word` "sea", `letters` ["a"] and `box` {in: 1}, and whether they hold. */
const CONDITIONS: [condition: string, holds: boolean][] = [
  ["attribute_exists(n)", true],
  ["attribute_not_exists(n)", false],
  ["attribute_not_exists(absent)", true],
  ["n = :two", true],
  ["n <> :two", false],
  ["absent <> :two", true],
  ["absent = :two", false],
  ["n < :two", false],
  ["n <= :two", true],
  ["absent < :two", false],
  ["word > :two", false],
  ["n BETWEEN :two AND :two", true],
  ["n IN (:two, :se)", true],
  ["word IN (:two)", false],
  ["begins_with(word, :se)", true],
  ["begins_with(absent, :se)", false],
  ["contains(word, :se)", true],
  ["contains(letters, :se)", false],
  ["box.#in = :two", false],
  ["NOT (n = :two AND word = :se)", true],
  ["n = :two OR word = :se AND absent = :se", true],
  ["NOT n = :two OR word = :se", false],
];

/**
 * What the services rely on in a table. Run over the simulated one, the embedded one, and Amazon's own
 * DynamoDB Local where Java is: who passes may stand for the others.
 */
export function describeTables(kind: string, open: () => Promise<TableUnderTest>): void {
  async function opened(...items: Item[]) {
    const table = await open();
    const { client, TableName } = table;
    const put = (Item: Item) => client.send(new PutItemCommand({ TableName, Item }));
    for (const one of items) await put(one);
    return {
      ...table,
      put,
      async get(Key: Item) {
        const read = new GetItemCommand({ TableName, Key, ConsistentRead: true });
        return (await client.send(read)).Item;
      },
      update: (input: Partial<UpdateItemCommandInput>) =>
        client.send(new UpdateItemCommand({ TableName, Key: item("a", "1"), ...input })),
    };
  }

  describe(`a table (${kind})`, () => {
    it("refuses a write whose condition does not hold, and shows the item on request", async () => {
      const { client, TableName } = await opened(item("a", "1", { n: number(1) }));
      const put = new PutItemCommand({
        TableName,
        Item: item("a", "1"),
        ConditionExpression: "attribute_not_exists(PK)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      await expect(client.send(put)).rejects.toMatchObject({
        name: "ConditionalCheckFailedException",
        Item: { n: { N: "1" } },
      });
    });

    it("takes conditions as the others do", async () => {
      const { update } = await opened(
        item("a", "1", {
          n: number(2),
          word: { S: "sea" },
          letters: { L: [{ S: "a" }] },
          box: { M: { in: number(1) } },
        }),
      );
      const values: Item = { ":two": number(2), ":se": { S: "se" } };
      const seen: [string, boolean][] = [];
      for (const [condition] of CONDITIONS) {
        const used = Object.entries(values).filter(([name]) => condition.includes(name));
        const outcome = await update({
          UpdateExpression: "SET looked = :yes",
          ConditionExpression: condition,
          ExpressionAttributeValues: { ":yes": { BOOL: true }, ...Object.fromEntries(used) },
          ...(condition.includes("#in") && { ExpressionAttributeNames: { "#in": "in" } }),
        }).then(
          () => true,
          (error: Error) => {
            if (error.name === "ConditionalCheckFailedException") return false;
            throw error;
          },
        );
        seen.push([condition, outcome]);
      }
      expect(seen).toEqual(CONDITIONS);
    });

    it("sees its own writes in consistent reads", async () => {
      const { update, get } = await opened();
      for (let n = 1; n <= 5; n += 1) {
        await update({
          UpdateExpression: "ADD n :one",
          ExpressionAttributeValues: { ":one": number(1) },
        });
        expect((await get(item("a", "1")))?.n).toEqual(number(n));
      }
    });

    it("updates by the item as it was before", async () => {
      const { update } = await opened(
        item("a", "1", { n: number(2), box: { M: {} }, former: number(1) }),
      );
      const { Attributes } = await update({
        UpdateExpression:
          "SET n = n + :one, was = n, fresh = if_not_exists(fresh, :one) - :one, #box.deep = :one REMOVE former",
        ExpressionAttributeNames: { "#box": "box" },
        ExpressionAttributeValues: { ":one": number(1) },
        ReturnValues: "ALL_NEW",
      });
      expect(Attributes).toEqual(
        item("a", "1", {
          n: number(3),
          was: number(2),
          fresh: number(0),
          box: { M: { deep: number(1) } },
        }),
      );
    });

    it("refuses what an expression does not use, or does not know", async () => {
      const { update } = await opened();
      const unused = { ":one": number(1), ":two": number(2) };
      for (const wrong of [
        { UpdateExpression: "SET n = :one", ExpressionAttributeValues: unused },
        { UpdateExpression: "SET n = :absent", ExpressionAttributeValues: { ":one": number(1) } },
        {
          UpdateExpression: "SET n = absent + :one",
          ExpressionAttributeValues: { ":one": number(1) },
        },
        {
          UpdateExpression: "SET n = :one, n = :one",
          ExpressionAttributeValues: { ":one": number(1) },
        },
      ]) {
        await expect(update(wrong), wrong.UpdateExpression).rejects.toMatchObject({
          name: "ValidationException",
        });
      }
    });

    it("reads several items at once, and nothing for those that are not there", async () => {
      const { client, TableName } = await opened(item("a", "1"), item("a", "2"));
      const Keys = ["1", "2", "3"].map((n) => item("a", n));
      const { Responses } = await client.send(
        new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
      );
      expect(Responses?.[TableName]?.map(({ SK }) => SK?.S).toSorted()).toEqual(["1", "2"]);
    });

    it("answers a key range in order, and filters after the limit", async () => {
      const items = ["3", "1", "4", "2"].map((n) => item("a", n, { n: number(Number(n)) }));
      const { client, TableName } = await opened(...items, item("b", "2", { n: number(2) }));
      const query = {
        TableName,
        KeyConditionExpression: "PK = :a AND SK BETWEEN :from AND :to",
        FilterExpression: "n > :least",
        ExpressionAttributeValues: {
          ":a": { S: "a" },
          ":from": { S: "2" },
          ":to": { S: "4" },
          ":least": number(2),
        },
        ConsistentRead: true,
        Limit: 2,
      };
      const first = await client.send(new QueryCommand(query));
      expect([first.Items?.map(({ SK }) => SK?.S), first.ScannedCount]).toEqual([["3"], 2]);
      expect(first.LastEvaluatedKey).toEqual(item("a", "3"));
      const second = await client.send(
        new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }),
      );
      expect(second.Items?.map(({ SK }) => SK?.S)).toEqual(["4"]);
    });

    it("answers an index in order, page by page, without what has not its key", async () => {
      const tagged = ["3", "1", "2"].map((n) => item(`u${n}`, n, { tag: { S: "sea" } }));
      const { client, TableName } = await opened(...tagged, item("u9", "9"));
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
      expect(first.Items?.map(({ SK }) => SK?.S)).toEqual(["3", "2"]);
      expect(second.Items?.map(({ SK }) => SK?.S)).toEqual(["1"]);
      const consistent = new QueryCommand({ ...query, ConsistentRead: true });
      await expect(client.send(consistent)).rejects.toMatchObject({ name: "ValidationException" });
    });

    it("shows each item in one segment of a scan", async () => {
      const items = Array.from({ length: 12 }, (_, n) => item(`u${n}`, "1"));
      const { client, TableName } = await opened(...items);
      const found: (string | undefined)[] = [];
      for (const Segment of [0, 1, 2]) {
        const { Items = [] } = await client.send(
          new ScanCommand({ TableName, Segment, TotalSegments: 3, ConsistentRead: true }),
        );
        found.push(...Items.map(({ PK }) => PK?.S));
      }
      expect(found.toSorted()).toEqual(items.map(({ PK }) => PK?.S).toSorted());
    });
  });

  describe(`a transaction (${kind})`, () => {
    it("changes nothing when one of its conditions does not hold, and says which", async () => {
      const { client, TableName, get } = await opened(item("taken", "1"));
      const transaction = new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: item("fresh", "1") } },
          {
            ConditionCheck: {
              TableName,
              Key: item("taken", "1"),
              ConditionExpression: "attribute_not_exists(PK)",
            },
          },
        ],
      });
      await expect(client.send(transaction)).rejects.toMatchObject({
        name: "TransactionCanceledException",
        CancellationReasons: [{ Code: "None" }, { Code: "ConditionalCheckFailed" }],
      });
      expect(await get(item("fresh", "1"))).toBeUndefined();
    });

    it("may not name an item twice", async () => {
      const { client, TableName } = await opened();
      const Put = { TableName, Item: item("a", "1") };
      const twice = client.send(
        new TransactWriteItemsCommand({ TransactItems: [{ Put }, { Put }] }),
      );
      await expect(twice).rejects.toMatchObject({ name: "ValidationException" });
    });

    it("does nothing again for the same token", async () => {
      const { client, TableName, get } = await opened();
      const Update = {
        TableName,
        Key: item("a", "1"),
        UpdateExpression: "ADD n :one",
        ExpressionAttributeValues: { ":one": number(1) },
      };
      const add = () =>
        client.send(
          new TransactWriteItemsCommand({
            TransactItems: [{ Update }],
            ClientRequestToken: "once",
          }),
        );
      await add();
      await add();
      expect((await get(item("a", "1")))?.n).toEqual(number(1));
      const other = new TransactWriteItemsCommand({
        TransactItems: [{ Update: { ...Update, Key: item("a", "2") } }],
        ClientRequestToken: "once",
      });
      await expect(client.send(other)).rejects.toMatchObject({
        name: "IdempotentParameterMismatchException",
      });
    });
  });

  describe(`a stream (${kind})`, () => {
    it("tells every change of an item in order, with both images", async () => {
      const { client, TableName, put, changes } = await opened();
      await put(item("a", "1", { n: number(1) }));
      await put(item("a", "1", { n: number(2) }));
      await client.send(new DeleteItemCommand({ TableName, Key: item("a", "1") }));
      expect(await changes()).toEqual([
        { name: "INSERT", before: undefined, after: "1", byTtl: false },
        { name: "MODIFY", before: "1", after: "2", byTtl: false },
        { name: "REMOVE", before: "2", after: undefined, byTtl: false },
      ]);
    });

    it("tells nothing of what was refused, or was not there to be deleted", async () => {
      const { client, TableName, put, changes } = await opened();
      await put(item("a", "1", { n: number(1) }));
      await client.send(new DeleteItemCommand({ TableName, Key: item("a", "2") }));
      const refused = new PutItemCommand({
        TableName,
        Item: item("a", "1"),
        ConditionExpression: "attribute_not_exists(PK)",
      });
      await expect(client.send(refused)).rejects.toThrow();
      expect((await changes()).map(({ name }) => name)).toEqual(["INSERT"]);
    });

    it("tells nothing of a write that changes nothing", async ({ skip }) => {
      const { put, changes, tellsEveryPut } = await opened();
      if (tellsEveryPut) return skip();
      await put(item("a", "1", { n: number(1) }));
      await put(item("a", "1", { n: number(1) }));
      expect((await changes()).map(({ name }) => name)).toEqual(["INSERT"]);
    });

    it("takes away what has ended its time, late, and says that it was DynamoDB", async ({
      skip,
    }) => {
      const table = await opened();
      const { put, get, changes, pass, now } = table;
      if (!pass) return skip();
      const expires = number(Math.floor(now() / 1000) + 3_600);
      await put(item("a", "1", { n: number(1), expires }));
      await put(item("a", "2", { n: number(2) }));
      expect(await get(item("a", "1"))).toBeDefined();
      await pass(50);
      expect(await get(item("a", "1"))).toBeUndefined();
      expect(await get(item("a", "2"))).toBeDefined();
      expect(await changes()).toContainEqual({
        name: "REMOVE",
        before: "1",
        after: undefined,
        byTtl: true,
      });
    });

    it("keeps a change for a day", async ({ skip }) => {
      const { put, changes, pass } = await opened();
      if (!pass) return skip();
      for (const n of [1, 2, 3]) await put(item("a", String(n), { n: number(n) }));
      await pass(23);
      expect(await changes()).toHaveLength(3);
      await pass(2);
      // The newest may stay where nothing new has come.
      expect((await changes()).length).toBeLessThanOrEqual(1);
    });
  });
}
