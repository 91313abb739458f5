import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { isConditionFailure } from "@shoebox/shared/aws/document";
import type { Reason } from "@shoebox/shared/image";
import {
  Session,
  type SessionRef,
  sessionTtl,
  tombstoneTtl,
  type Upload,
} from "../domain/session.ts";

/** The indexes that this code reads: none, everything is asked by owner and image. */
export const indexes = [] as const;

/** What only a session that is still awaiting its object may become. */
type Outcome =
  | { status: "uploaded"; bucket: string; versionId: string; verifiedAt: number }
  | { status: "rejected"; reason: Reason; rejectedAt: number }
  | { status: "aborted" };

export interface SessionsTable {
  /** Writes a new session; an id that exists already is an error. */
  open(upload: Upload): Promise<void>;
  /** Strongly consistent. What its TTL has ended is not there, however late DynamoDB removes it. */
  load(ref: SessionRef, now: number): Promise<Session | undefined>;
  /** Ends the waiting. False when somebody else did so first; then nothing has changed. */
  close(ref: SessionRef, outcome: Outcome): Promise<boolean>;
  /** Says that the original of a deleted image is gone: once more each time it is called. */
  confirmDeleted(ref: SessionRef, deletion: { at: number; correlationId: string }): Promise<void>;
}

/** What an upload said about a picture, and what must not outlive it in its tombstone. */
const FORGOTTEN = [
  "contentType",
  "size",
  "sha256",
  "fileName",
  "tags",
  "caption",
  "visibility",
  "takenAt",
  "expiresAt",
  "bucket",
  "versionId",
  "verifiedAt",
  "reason",
  "rejectedAt",
];

/** The first time of the deletion stays; the number of confirmations grows. */
const CONFIRM = [
  "ADD confirmations :one",
  "SET ownerId = :ownerId, imageId = :imageId, #status = :deleted, correlationId = :correlationId,",
  "originalDeletedAt = if_not_exists(originalDeletedAt, :at), #ttl = :ttl",
].join(" ");

export function createSessionsTable(client: DynamoDBDocumentClient, table: string): SessionsTable {
  return {
    async open(upload) {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: {
            ...keyOf(upload),
            ...upload,
            status: "awaiting",
            ttl: sessionTtl(upload.expiresAt),
          },
          ConditionExpression: "attribute_not_exists(PK)",
        }),
      );
    },

    async load(ref, now) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: keyOf(ref), ConsistentRead: true }),
      );
      if (!Item || (typeof Item.ttl === "number" && Item.ttl * 1000 <= now)) return undefined;
      return Session.parse(Item);
    },

    async close(ref, outcome) {
      const names = Object.keys(outcome);
      const set = names.map((name) => `#${name} = :${name}`).join(", ");
      try {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(ref),
            // An uploaded one stays as long as its image does; the others are forgotten in time.
            UpdateExpression: `SET ${set}${outcome.status === "uploaded" ? " REMOVE #ttl" : ""}`,
            ConditionExpression: "#status = :awaiting",
            ExpressionAttributeNames: {
              ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
              ...(outcome.status === "uploaded" && { "#ttl": "ttl" }),
            },
            ExpressionAttributeValues: {
              ...Object.fromEntries(Object.entries(outcome).map(([k, v]) => [`:${k}`, v])),
              ":awaiting": "awaiting",
            },
          }),
        );
        return true;
      } catch (error) {
        if (isConditionFailure(error)) return false;
        throw error;
      }
    },

    // Without a condition, since every state may end in this one, and a session that is long
    // forgotten as well: the catalog waits for the confirmation whatever has happened here. Two
    // at a time only count twice.
    async confirmDeleted(ref, deletion) {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: keyOf(ref),
          UpdateExpression: `${CONFIRM} REMOVE ${FORGOTTEN.map((name) => `#${name}`).join(", ")}`,
          ExpressionAttributeNames: {
            "#status": "status",
            "#ttl": "ttl",
            ...Object.fromEntries(FORGOTTEN.map((name) => [`#${name}`, name])),
          },
          ExpressionAttributeValues: {
            ":ownerId": ref.ownerId,
            ":imageId": ref.imageId,
            ":deleted": "deleted",
            ":at": deletion.at,
            ":correlationId": deletion.correlationId,
            ":ttl": tombstoneTtl(deletion.at),
            ":one": 1,
          },
        }),
      );
    },
  };
}

function keyOf(ref: SessionRef): { PK: string; SK: string } {
  return { PK: `userId#${ref.ownerId}`, SK: `imageId#${ref.imageId}` };
}
