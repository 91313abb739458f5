import type { TransactItem } from "@shoebox/shared/aws/transaction";
import type { Usage } from "../domain/quota.ts";

/** The item that counts what one user's uploads take. It is written only together with the sessions it counts. */
export function quotaKey(ownerId: string): { PK: string; SK: string } {
  return { PK: `userId#${ownerId}`, SK: "quota" };
}

const ADD = {
  // Who counts anew knows by `changes` that nothing changed meanwhile, be the sums the same or not.
  UpdateExpression: "ADD #bytes :bytes, #images :images, #changes :one",
  ExpressionAttributeNames: { "#bytes": "bytes", "#images": "images", "#changes": "changes" },
};

/** Takes from the quota, unless that would exceed it. What is needed must not exceed it by itself. */
export function reserve(table: string, ownerId: string, needed: Usage, limit: Usage): TransactItem {
  const atMost = (name: string) => `(attribute_not_exists(#${name}) OR #${name} <= :most_${name})`;
  return {
    Update: {
      TableName: table,
      Key: quotaKey(ownerId),
      ...ADD,
      // A condition can't add: what may be used before is computed here.
      ConditionExpression: `${atMost("bytes")} AND ${atMost("images")}`,
      ExpressionAttributeValues: {
        ":bytes": needed.bytes,
        ":images": needed.images,
        ":one": 1,
        ":most_bytes": limit.bytes - needed.bytes,
        ":most_images": limit.images - needed.images,
      },
    },
  };
}

/** Gives back what one upload took. */
export function release(table: string, upload: { ownerId: string; size: number }): TransactItem {
  return {
    Update: {
      TableName: table,
      Key: quotaKey(upload.ownerId),
      ...ADD,
      ExpressionAttributeValues: { ":bytes": -upload.size, ":images": -1, ":one": 1 },
    },
  };
}
