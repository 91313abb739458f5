import { gunzipSync, gzipSync } from "node:zlib";
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import {
  ANSWERS_KEPT,
  type Begun,
  type IdempotencyStore,
  type Started,
  type StoredAnswer,
} from "../http/idempotency.ts";
import { isConditionFailure } from "./document.ts";

/** Milliseconds: a request that has not answered by then died, and may be begun again (API Gateway gives up after 29 s). */
const LEASE = 60_000;
/** Characters: an answer's body is kept as it is up to here, and compressed above. */
const LONG = 16_384;

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
              ttl: Math.ceil((request.now + ANSWERS_KEPT) / 1000),
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
          ":answer": packed(answer),
          ":expiresAt": now + ANSWERS_KEPT,
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

/**
 * An answer as it is kept: an item may have 400 KB. A hundred forms have more than that, but most of
 * it is the same in each, and compressed they have a tenth.
 */
type PackedAnswer = Omit<StoredAnswer, "body"> & ({ body: string } | { gzip: Uint8Array });

function packed({ body, ...answer }: StoredAnswer): PackedAnswer {
  return body.length > LONG ? { ...answer, gzip: gzipSync(body) } : { ...answer, body };
}

function unpacked(answer: PackedAnswer): StoredAnswer {
  if ("body" in answer) return answer;
  const { gzip, ...rest } = answer;
  return { ...rest, body: gunzipSync(gzip).toString() };
}

function earlier(raw: Parameters<typeof unmarshall>[0], fingerprint: string): Begun {
  const record = unmarshall(raw) as { fingerprint: string; answer?: PackedAnswer };
  if (record.fingerprint !== fingerprint) return { kind: "other-body" };
  if (!record.answer) return { kind: "in-flight" };
  return { kind: "answered", answer: unpacked(record.answer) };
}
