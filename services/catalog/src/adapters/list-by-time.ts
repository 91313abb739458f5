import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { visible } from "../domain/image-record.ts";
import { imageIdOf, imageKey, itemKey, ownerKey, toRecord } from "./image-item.ts";
import { fillPage, keysAfter, type ListPage, type ListRange } from "./list-page.ts";

/**
 * Tombstones are small: rounds that meet many of them look further each time, so that a user who
 * deleted thousands of pictures still gets a full page in a few calls.
 */
const FURTHER = [250, 1_000, 4_000, 4_000];

/** One owner's images are one key range of the table itself: strongly consistent, mostly one call. */
export function listByTime(
  client: DynamoDBDocumentClient,
  table: string,
  ownerId: string,
  range: ListRange,
): Promise<ListPage> {
  return fillPage(range, FURTHER, async (after, size) => {
    const { first, last } = keysAfter(range, after);
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: "PK = :owner AND SK BETWEEN :first AND :last",
        FilterExpression: "attribute_exists(s3Key) AND attribute_not_exists(deletedAt)",
        ExpressionAttributeValues: {
          ":owner": ownerKey(ownerId),
          ":first": imageKey(first),
          ":last": imageKey(last),
        },
        ScanIndexForward: !range.newestFirst,
        ExclusiveStartKey: after === undefined ? undefined : itemKey({ ownerId, imageId: after }),
        Limit: size,
      }),
    );
    return {
      images: Items.flatMap((item) => visible(toRecord(item)) ?? []),
      reached: LastEvaluatedKey && imageIdOf(String(LastEvaluatedKey.SK)),
    };
  });
}
