import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { isConditionFailure } from "@shoebox/shared/aws/document";
import { type Bookmark, type Read, readImages } from "./read-images.ts";
import {
  fromPageItem,
  pageKey,
  type Segment,
  type SnapshotPage,
  toPageItem,
} from "./snapshot-page.ts";

export interface SnapshotTable {
  /** The next records of the segment, at most `limit`, strongly consistent. */
  read(segment: Segment, from: Bookmark, limit: number): Promise<Read>;
  /** The page as it was written (strongly consistent), if it was. */
  findPage(
    segment: Pick<Segment, "snapshotId" | "segment">,
    page: number,
  ): Promise<SnapshotPage | undefined>;
  /** False when the page is there already, and stays what it is. */
  addPage(page: SnapshotPage, now: number): Promise<boolean>;
}

/** The images table as a snapshot uses it. */
export function createSnapshotTable(client: DynamoDBDocumentClient, table: string): SnapshotTable {
  return {
    read: (segment, from, limit) => readImages(client, table, segment, from, limit),

    async findPage(segment, page) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: pageKey(segment, page), ConsistentRead: true }),
      );
      return Item && fromPageItem(Item);
    },

    async addPage(page, now) {
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: toPageItem(page, now),
            ConditionExpression: "attribute_not_exists(PK)",
          }),
        );
        return true;
      } catch (error) {
        if (isConditionFailure(error)) return false;
        throw error;
      }
    },
  };
}
