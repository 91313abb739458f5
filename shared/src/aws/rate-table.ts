import {
  type DynamoDBDocumentClient,
  UpdateCommand,
  type UpdateCommandInput,
} from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { bucketOf, type RateLimit, roomIn } from "../rate-limit/bucket.ts";
import type { Buckets } from "../rate-limit/limiter.ts";
import { isConditionFailure } from "./document.ts";

/** Milliseconds that a request waits for its bucket at most; then it goes through uncounted. */
const PATIENCE = 500;
/** Seconds that an item outlives its use by. */
const KEPT = 3_600;
/** How often a lease is tried while others lease from the same bucket. */
const ATTEMPTS = 4;
/** Users whose last state is remembered, so that the first condition tried is the one that holds. */
const MAX_SEEN = 10_000;

/**
 * The buckets as items of a table of their own: PK `rate#<userId>`, SK `bucket`, `paidOffAt` in
 * microseconds, `ttl`. A lease is one conditional update, without reading first: either the bucket is full and
 * begins anew at now, or the lease is added to what is there. Additions of several processes do not conflict.
 * A full bucket is as good as none, so TTL may take it.
 */
export function createRateTable(
  client: DynamoDBDocumentClient,
  table: string,
  limit: RateLimit,
): Buckets {
  const bucket = bucketOf(limit);
  const { perRequest, capacity } = bucket;
  const seen = new Map<string, number>();

  function remember(userId: string, paidOffAt: number): void {
    seen.delete(userId);
    seen.set(userId, paidOffAt);
    const [oldest] = seen.size > MAX_SEEN ? seen.keys() : [];
    if (oldest !== undefined) seen.delete(oldest);
  }

  /** What the bucket is after the update, or, when its condition does not hold, what it is. */
  async function update(
    userId: string,
    input: Pick<
      UpdateCommandInput,
      "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeValues"
    >,
  ): Promise<{ done: boolean; paidOffAt: number }> {
    const command = new UpdateCommand({
      TableName: table,
      Key: { PK: `rate#${userId}`, SK: "bucket" },
      ExpressionAttributeNames: { "#ttl": "ttl" },
      ReturnValues: "UPDATED_NEW",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      ...input,
    });
    try {
      const { Attributes } = await client.send(command, {
        abortSignal: AbortSignal.timeout(PATIENCE),
      });
      return { done: true, paidOffAt: Number(Attributes?.paidOffAt) };
    } catch (error) {
      if (!isConditionFailure(error)) throw error;
      return {
        done: false,
        paidOffAt: Number(error.Item && unmarshall(error.Item).paidOffAt) || 0,
      };
    }
  }

  return {
    async lease(userId, wanted, now) {
      const at = now * 1_000;
      const ttl = Math.ceil(now / 1_000 + (capacity * perRequest) / 1_000_000) + KEPT;
      let paidOffAt = seen.get(userId) ?? 0;
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const room = roomIn(bucket, paidOffAt, now);
        if (room.requests === 0) return { retryIn: room.inMilliseconds };
        const granted = Math.min(wanted, room.requests);
        const cost = granted * perRequest;
        const result =
          paidOffAt <= at
            ? await update(userId, {
                UpdateExpression: "SET paidOffAt = :next, #ttl = :ttl",
                ConditionExpression: "attribute_not_exists(PK) OR paidOffAt <= :now",
                ExpressionAttributeValues: { ":next": at + cost, ":now": at, ":ttl": ttl },
              })
            : await update(userId, {
                UpdateExpression: "SET paidOffAt = paidOffAt + :cost, #ttl = :ttl",
                ConditionExpression: "paidOffAt BETWEEN :now AND :last",
                ExpressionAttributeValues: {
                  ":cost": cost,
                  ":now": at,
                  ":last": at + capacity * perRequest - cost,
                  ":ttl": ttl,
                },
              });
        paidOffAt = result.paidOffAt;
        remember(userId, paidOffAt);
        if (result.done) return { granted };
      }
      return { retryIn: Math.ceil(perRequest / 1_000) };
    },
  };
}
