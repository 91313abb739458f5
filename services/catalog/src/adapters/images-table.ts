import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { isConditionFailure } from "@shoebox/shared/aws/document";
import { transact, whenFree } from "@shoebox/shared/aws/transaction";
import type { Cursor } from "@shoebox/shared/reconcile/check";
import type { ImageKey, ImageRecord } from "../domain/image-record.ts";
import type { Write } from "../domain/write.ts";
import { type DueTombstone, dueTombstones } from "./due-tombstones.ts";
import { everyImage } from "./every-image.ts";
import { itemKey, linkItem, linkKey, toRecord } from "./image-item.ts";
import { listByTag } from "./list-by-tag.ts";
import { listByTime } from "./list-by-time.ts";
import type { ListPage, ListRange } from "./list-page.ts";
import { toUpdate } from "./write-expression.ts";

/**
 * The global secondary indexes that items are written for. `byUploadDate` is the requirements' GSI2:
 * the way to all owners' images of a day, for jobs; one owner's images by date are a range of keys.
 */
export const indexes = ["byTag", "byUploadDate", "awaitingConfirmation"] as const;

export interface ImagesTable {
  /** The record as it is now (strongly consistent, one call), deleted or not. */
  find(key: ImageKey): Promise<ImageRecord | undefined>;
  /** Makes one write, with its tag links in the same transaction. False when its conditions do not hold. */
  write(key: ImageKey, write: Write): Promise<boolean>;
  /** One owner's visible images by time, strongly consistent. */
  listByTime(ownerId: string, range: ListRange): Promise<ListPage>;
  /** One owner's visible images with a tag. Which ones comes from an index and is eventually consistent; what is told of them is not. */
  listByTag(ownerId: string, tag: string, range: ListRange): Promise<ListPage>;
  /** Every image that is not deleted, a page. */
  everyImage(cursor: Cursor | undefined): Promise<{ images: ImageRecord[]; next?: Cursor }>;
  /** Deletions of a shard that should have been confirmed before `until` (ISO), oldest first, a page. */
  dueTombstones(shard: number, until: string, limit: number): Promise<DueTombstone[]>;
}

export function createImagesTable(client: DynamoDBDocumentClient, table: string): ImagesTable {
  return {
    async find(key) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: itemKey(key), ConsistentRead: true }),
      );
      return Item && toRecord(Item);
    },

    write: (key, write) => send(client, table, key, write),
    listByTime: (ownerId, range) => listByTime(client, table, ownerId, range),
    listByTag: (ownerId, tag, range) => listByTag(client, table, { ownerId, tag }, range),
    everyImage: (cursor) => everyImage(client, table, cursor),
    dueTombstones: (shard, until, limit) => dueTombstones(client, table, shard, until, limit),
  };
}

/**
 * A write without links is a plain update. One with links is a transaction, even when no link
 * changes: its request token makes the SDK's own retry after a lost answer a success, where an
 * update would meet its own version and look like a conflict.
 */
async function send(
  client: DynamoDBDocumentClient,
  table: string,
  key: ImageKey,
  write: Write,
): Promise<boolean> {
  const update = toUpdate(table, key, write);
  if (write.links) {
    const links = [
      ...write.links.add.map((tag) => ({ Put: { TableName: table, Item: linkItem(key, tag) } })),
      ...write.links.remove.map((tag) => ({
        Delete: { TableName: table, Key: linkKey(key.imageId, tag) },
      })),
    ];
    return (await transact(client, [{ Update: update }, ...links])).done;
  }
  try {
    await whenFree(() => client.send(new UpdateCommand(update)));
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}
