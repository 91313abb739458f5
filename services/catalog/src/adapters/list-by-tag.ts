import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { visible } from "../domain/image-record.ts";
import { getImages } from "./get-images.ts";
import { imageIdOf, imageKey, linkItem, tagKey } from "./image-item.ts";
import { fillPage, keysAfter, type ListPage, type ListRange } from "./list-page.ts";

/** The index lags by little: few of its links lead to images that are gone or lost the tag. */
const FURTHER = [100, 100, 100];

/**
 * The index tells which images, the table what they are now: an image that was deleted or lost the
 * tag a moment ago is dropped, one that just got it may be missing for a moment.
 */
export function listByTag(
  client: DynamoDBDocumentClient,
  table: string,
  { ownerId, tag }: { ownerId: string; tag: string },
  range: ListRange,
): Promise<ListPage> {
  return fillPage(range, FURTHER, async (after, size) => {
    const { first, last } = keysAfter(range, after);
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: "byTag",
        KeyConditionExpression: "tagKey = :tag AND imageKey BETWEEN :first AND :last",
        ExpressionAttributeValues: {
          ":tag": tagKey(ownerId, tag),
          ":first": imageKey(first),
          ":last": imageKey(last),
        },
        ScanIndexForward: !range.newestFirst,
        ExclusiveStartKey:
          after === undefined ? undefined : linkItem({ ownerId, imageId: after }, tag),
        Limit: size,
      }),
    );
    const ids = Items.map((link) => imageIdOf(String(link.imageKey)));
    const records = await getImages(client, table, ownerId, ids);
    return {
      images: ids.flatMap((id) => {
        const image = visible(records.get(id));
        return image?.tags.includes(tag) ? image : [];
      }),
      reached: LastEvaluatedKey && imageIdOf(String(LastEvaluatedKey.imageKey)),
    };
  });
}
