import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Begun, IdempotencyStore, Started, StoredAnswer } from "../http/idempotency.ts";
import { isConditionFailure } from "./document.ts";

/** Milliseconds: how long an answer is kept. */
const KEPT = 24 * 3_600_000;
/** Milliseconds: a request that has not answered by then died, and may be begun again (API Gateway gives up after 29 s). */
const LEASE = 60_000;

/**
 * Idempotency records as items of the service's own table, beside what they protect: PK
 * `idempotency#<owner>`, SK `key#<key>`. DynamoDB's TTL removes them late; reads go by `expiresAt`.
 * Until it is answered, a record belongs to the request that wrote its lease.
 */
export function createIdempotencyTable(
  client: DynamoDBDocumentClient,
  table: string,
): IdempotencyStore {
  const keyOf = (request: { owner: string; key: string }) => ({
    PK: `idempotency#${request.owner}`,
    SK: `key#${request.key}`,
  });

  const ifStillHeld = (request: Started) => ({
    ConditionExpression: "expiresAt = :lease",
    ExpressionAttributeValues: { ":lease": request.startedAt + LEASE },
  });

  return {
    async begin(request): Promise<Begun> {
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: {
              ...keyOf(request),
              fingerprint: request.fingerprint,
              expiresAt: request.now + LEASE,
              ttl: Math.ceil((request.now + KEPT) / 1000),
            },
            ConditionExpression: "attribute_not_exists(PK) OR expiresAt <= :now",
            ExpressionAttributeValues: { ":now": request.now },
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return { kind: "started" };
      } catch (error) {
        if (!isConditionFailure(error) || !error.Item) throw error;
        return earlier(error.Item, request.fingerprint);
      }
    },

    async finish(request, answer, now) {
      const held = ifStillHeld(request);
      const update = new UpdateCommand({
        TableName: table,
        Key: keyOf(request),
        UpdateExpression: "SET answer = :answer, expiresAt = :expiresAt",
        ConditionExpression: held.ConditionExpression,
        ExpressionAttributeValues: {
          ...held.ExpressionAttributeValues,
          ":answer": answer,
          ":expiresAt": now + KEPT,
        },
      });
      await unlessTaken(client.send(update));
    },

    async abandon(request) {
      const remove = new DeleteCommand({
        TableName: table,
        Key: keyOf(request),
        ...ifStillHeld(request),
      });
      await unlessTaken(client.send(remove));
    },
  };
}

/** The lease ended and another request holds the key: the record is that one's to write. */
async function unlessTaken(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}

function earlier(raw: Parameters<typeof unmarshall>[0], fingerprint: string): Begun {
  const record = unmarshall(raw) as { fingerprint: string; answer?: StoredAnswer };
  if (record.fingerprint !== fingerprint) return { kind: "other-body" };
  return record.answer ? { kind: "answered", answer: record.answer } : { kind: "in-flight" };
}
