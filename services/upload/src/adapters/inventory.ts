import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  ScanCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Cursor } from "@shoebox/shared/reconcile/check";
import type { Recount } from "../domain/quota.ts";
import type { SessionRef } from "../domain/session.ts";
import type { Change } from "./confirmation.ts";
import { quotaKey } from "./quota-item.ts";
import { isSession, refOf } from "./session-item.ts";

/** What reconciliation asks of the table: all of it, a page at a time. */

/** Items that one page of a scan reads. */
const PAGE = 1_000;
/** How often a quota that changes meanwhile is counted. */
const ATTEMPTS = 3;

type Found<T> = Promise<T & { next?: Cursor }>;

export async function everyUploaded(
  client: DynamoDBDocumentClient,
  table: string,
  cursor: Cursor | undefined,
): Found<{ refs: SessionRef[] }> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      TableName: table,
      FilterExpression: "#status = :uploaded",
      ProjectionExpression: "PK, SK",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":uploaded": "uploaded" },
      Limit: PAGE,
      ExclusiveStartKey: cursor,
    }),
  );
  return { refs: Items.filter(isSession).map(refOf), next: LastEvaluatedKey };
}

export async function everyOwner(
  client: DynamoDBDocumentClient,
  table: string,
  cursor: Cursor | undefined,
): Found<{ owners: string[] }> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      TableName: table,
      FilterExpression: "SK = :quota",
      ProjectionExpression: "PK, SK",
      ExpressionAttributeValues: { ":quota": quotaKey("").SK },
      Limit: PAGE,
      ExclusiveStartKey: cursor,
    }),
  );
  return { owners: Items.map((item) => refOf(item).ownerId), next: LastEvaluatedKey };
}

/** The sum is that of one moment: the quota, which changes with every session, did not change while it was made. */
export async function recount(
  client: DynamoDBDocumentClient,
  table: string,
  ownerId: string,
): Promise<Recount | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await quota(client, table, ownerId);
    const counted = await count(client, table, ownerId);
    const after = await quota(client, table, ownerId);
    if (before.changes === after.changes) {
      const { changes, ...noted } = after;
      return { noted, counted, changes };
    }
  }
  return undefined;
}

export function correction(table: string, ownerId: string, { counted, changes }: Recount): Change {
  return {
    TableName: table,
    Key: quotaKey(ownerId),
    UpdateExpression: "SET #bytes = :bytes, #images = :images ADD #changes :one",
    ConditionExpression:
      changes === undefined ? "attribute_not_exists(#changes)" : "#changes = :seen",
    ExpressionAttributeNames: { "#bytes": "bytes", "#images": "images", "#changes": "changes" },
    ExpressionAttributeValues: {
      ":bytes": counted.bytes,
      ":images": counted.images,
      ":one": 1,
      ...(changes !== undefined && { ":seen": changes }),
    },
  };
}

async function quota(client: DynamoDBDocumentClient, table: string, ownerId: string) {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: quotaKey(ownerId), ConsistentRead: true }),
  );
  return {
    bytes: Number(Item?.bytes ?? 0),
    images: Number(Item?.images ?? 0),
    changes: Item?.changes as number | undefined,
  };
}

async function count(client: DynamoDBDocumentClient, table: string, ownerId: string) {
  const sum = { bytes: 0, images: 0 };
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "PK = :owner AND begins_with(SK, :session)",
        FilterExpression: "#status IN (:awaiting, :uploaded)",
        ProjectionExpression: "#size",
        ExpressionAttributeNames: { "#status": "status", "#size": "size" },
        ExpressionAttributeValues: {
          ":owner": quotaKey(ownerId).PK,
          ":session": "imageId#",
          ":awaiting": "awaiting",
          ":uploaded": "uploaded",
        },
        ConsistentRead: true,
        ExclusiveStartKey: from,
      }),
    );
    for (const { size } of Items) {
      sum.bytes += Number(size);
      sum.images += 1;
    }
    from = LastEvaluatedKey;
  } while (from);
  return sum;
}
