import { type DynamoDBDocumentClient, QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { OwnerSummary } from "@shoebox/shared/events/catalog";
import type { ImageRecord } from "../domain/image-record.ts";
import type { SnapshotMode } from "../domain/page-draft.ts";
import { itemKey, ownerKey, toRecord } from "./image-item.ts";

/** How far a segment has been read. */
export interface Bookmark {
  /** The key of the table after which to read on. */
  after?: { PK: string; SK: string };
  /** Who is being read, summed up so far. */
  current?: OwnerSummary;
  /** Who is still to be read, the first of them being read; missing when it is everybody. */
  owners?: string[];
}

export interface Read {
  /** In the order of the table: one owner's images follow each other. */
  records: ImageRecord[];
  /** The key up to which was read, when there is more. */
  after?: { PK: string; SK: string };
}

/**
 * Items that one call looks at; about a megabyte, at which DynamoDB would stop by itself. Said all
 * the same, because not every engine stops looking where it stops answering.
 */
export const READ_ITEMS = 1_000;

/**
 * The next records of a segment, strongly consistent: of one owner by a query, of everybody by a
 * parallel scan. Both leave out tag links, records nobody sees yet and whatever else is in the table.
 */
export async function readImages(
  client: DynamoDBDocumentClient,
  table: string,
  part: { mode: SnapshotMode; segment: number; segments: number },
  { after, owners }: Bookmark,
  limit: number,
): Promise<Read> {
  const reading = {
    TableName: table,
    ConsistentRead: true,
    ExclusiveStartKey: after,
    Limit: limit,
    ...(part.mode === "summary"
      ? {
          FilterExpression: "attribute_exists(s3Key) AND attribute_not_exists(deletedAt)",
          ProjectionExpression: "PK, SK, s3Key, #version",
          ExpressionAttributeNames: { "#version": "version" },
        }
      : { FilterExpression: "attribute_exists(s3Key)" }),
  };
  const [owner] = owners ?? [];
  const command =
    owner === undefined
      ? new ScanCommand({
          ...reading,
          // One segment is the whole table, and a scan that is not parallel.
          ...(part.segments > 1 && { Segment: part.segment, TotalSegments: part.segments }),
        })
      : new QueryCommand({
          ...reading,
          KeyConditionExpression: "PK = :owner",
          ExpressionAttributeValues: { ":owner": ownerKey(owner) },
        });
  const { Items = [], LastEvaluatedKey } = await client.send(command as ScanCommand);
  return {
    records: Items.flatMap((item) => toRecord(item) ?? []),
    after: LastEvaluatedKey as Read["after"],
  };
}

/** The bookmark behind a record. */
export function behind(bookmark: Bookmark, record: ImageRecord): Bookmark {
  return { ...bookmark, after: itemKey(record) };
}
