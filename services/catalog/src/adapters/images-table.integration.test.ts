import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { holdItems } from "@shoebox/shared/aws/transaction.testkit";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Catalog, startCatalog } from "../catalog.testkit.ts";
import { type ImageRecord, visible } from "../domain/image-record.ts";
import { apply } from "../domain/write.ts";
import { OWNER } from "../facts.testkit.ts";
import { history, key, writesOf } from "../history.testkit.ts";
import { getImages } from "./get-images.ts";
import { itemKey, linkKey } from "./image-item.ts";

let catalog: Catalog;
beforeAll(async () => {
  catalog = await startCatalog();
});
afterAll(() => catalog.close());

/** Each history is another owner's image, so that none meets what one before it left. */
let owners = 0;

async function links(imageId: string, ownerId: string): Promise<string[]> {
  const { Items = [] } = await catalog.documents.send(
    new QueryCommand({
      TableName: catalog.table,
      ConsistentRead: true,
      KeyConditionExpression: "PK = :image",
      FilterExpression: "begins_with(tagKey, :owner)",
      ExpressionAttributeValues: { ":image": `imageId#${imageId}`, ":owner": `userId#${ownerId}#` },
    }),
  );
  return Items.map(({ SK }) => String(SK).slice("tag#".length)).sort();
}

describe("a write to the table", () => {
  it("is accepted, refused and done exactly as the domain says, and tag links follow", async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const own = { ...key, ownerId: `history-${owners++}` };
        let record: ImageRecord | undefined;
        for (const [index, step] of steps.entries()) {
          const now = 1_000 + index;
          for (const write of writesOf(step, record, now)) {
            const after = apply(own, record, write);
            expect(await catalog.images.write(own, write)).toBe(after !== undefined);
            record = after ?? record;
          }
        }
        expect(await catalog.images.find(own)).toEqual(record);
        const tags = visible(record)?.tags ?? [];
        expect(await links(own.imageId, own.ownerId)).toEqual([...tags].sort());
      }),
      { numRuns: 30 },
    );
  });

  it("leaves nothing of itself when its version is not there any more", async () => {
    const own = { ...key, ownerId: "stale" };
    const [upload] = writesOf({ is: "uploaded" }, undefined, 1);
    if (upload) await catalog.images.write(own, upload);
    const seen = await catalog.images.find(own);
    const [edit] = writesOf({ is: "edit", edit: { tags: ["a", "b"] } }, seen, 2);
    const [deletion] = writesOf({ is: "delete" }, seen, 3);
    expect(edit && (await catalog.images.write(own, edit))).toBe(true);
    expect(deletion && (await catalog.images.write(own, deletion))).toBe(false);
    expect(await links(own.imageId, own.ownerId)).toEqual(["a", "b"]);
  });

  it("waits for another transaction that holds the item, and then is done", async () => {
    const own = { ...key, ownerId: "busy" };
    const [upload] = writesOf({ is: "uploaded" }, undefined, 1);
    const held = holdItems(catalog.documents, "TransactWriteItemsCommand", 2);
    try {
      expect(upload && (await catalog.images.write(own, upload))).toBe(true);
      expect(held.writes()).toBe(3);
    } finally {
      held.release();
    }
    expect(await catalog.images.find(own)).toMatchObject({ version: 1 });
  });

  it("stores what the requirements name, under the names they name", async () => {
    const own = { ...key, ownerId: "named" };
    const [upload] = writesOf({ is: "uploaded" }, undefined, 1);
    if (upload) await catalog.images.write(own, upload);
    const { Item } = await catalog.documents.send(
      new GetCommand({ TableName: catalog.table, Key: itemKey(own) }),
    );
    expect(Item).toMatchObject({
      PK: "userId#named",
      SK: `imageId#${key.imageId}`,
      tags: ["beach", "sea"],
      uploadTime: "2026-05-01T12:00:00.000Z",
      uploadDate: "2026-05-01#15",
      s3Key: expect.stringContaining(key.imageId),
      size: 4_500_000,
    });
    const link = await catalog.documents.send(
      new GetCommand({ TableName: catalog.table, Key: linkKey(key.imageId, "sea") }),
    );
    expect(link.Item).toMatchObject({ imageKey: `imageId#${key.imageId}` });
    const byDate = await catalog.documents.send(
      new QueryCommand({
        TableName: catalog.table,
        IndexName: "byUploadDate",
        KeyConditionExpression: "uploadDate = :date",
        ExpressionAttributeValues: { ":date": "2026-05-01#15" },
      }),
    );
    expect(byDate.Items?.map(({ PK }) => PK)).toContain("userId#named");
  });
});

describe("a read of many images", () => {
  it("asks again for what DynamoDB left out", async () => {
    const [upload] = writesOf({ is: "uploaded" }, undefined, 1);
    const own = { ...key, ownerId: OWNER };
    if (upload) await catalog.images.write(own, upload);
    let left = 3;
    catalog.client.middlewareStack.add(
      (next) => async (args) => {
        const input = args.input as { RequestItems: unknown };
        if (left-- <= 0) return next(args);
        return {
          response: {},
          output: { $metadata: {}, UnprocessedKeys: input.RequestItems },
        } as never;
      },
      { step: "initialize", name: "throttle" },
    );
    try {
      const read = await getImages(catalog.documents, catalog.table, OWNER, [key.imageId]);
      expect(read.get(key.imageId)).toMatchObject({ version: 1 });
      left = 100;
      const busy = getImages(catalog.documents, catalog.table, OWNER, [key.imageId]);
      await expect(busy).rejects.toMatchObject({ code: "unavailable" });
    } finally {
      catalog.client.middlewareStack.remove("throttle");
    }
  });
});
