import { type DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { Cursor } from "@shoebox/shared/reconcile/check";
import type { ImageRecord } from "../domain/image-record.ts";
import { toRecord } from "./image-item.ts";

/** Every image that is not deleted, a page; tag links and other items are left out. */
export async function everyImage(
  client: DynamoDBDocumentClient,
  table: string,
  cursor: Cursor | undefined,
): Promise<{ images: ImageRecord[]; next?: Cursor }> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      TableName: table,
      FilterExpression: "attribute_exists(s3Key) AND attribute_not_exists(deletedAt)",
      Limit: 1_000,
      ExclusiveStartKey: cursor,
    }),
  );
  return { images: Items.flatMap((item) => toRecord(item) ?? []), next: LastEvaluatedKey };
}
