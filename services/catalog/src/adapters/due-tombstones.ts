import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { ImageKey } from "../domain/image-record.ts";
import { awaitingKey } from "../domain/tombstone.ts";
import { toRecord } from "./image-item.ts";

/** A deletion that was not confirmed in time, as the index tells it. */
export interface DueTombstone extends ImageKey {
  republishAt: string;
  republished: number;
  deletedAt: string;
}

/**
 * The index `awaitingConfirmation` is sparse: it holds deletions that wait for a confirmation and
 * nothing else, so finding none costs next to nothing, whenever the pictures were uploaded.
 */
export async function dueTombstones(
  client: DynamoDBDocumentClient,
  table: string,
  shard: number,
  until: string,
  limit: number,
): Promise<DueTombstone[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: "awaitingConfirmation",
      KeyConditionExpression: "awaiting = :awaiting AND republishAt <= :until",
      ExpressionAttributeValues: { ":awaiting": awaitingKey(shard), ":until": until },
      Limit: limit,
    }),
  );
  return Items.flatMap((item) => (toRecord(item) as DueTombstone | undefined) ?? []);
}
