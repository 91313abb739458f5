import type { UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import { forgottenAt, type SessionRef } from "../domain/session.ts";
import { sessionKey } from "./session-item.ts";

export type Change = UpdateCommandInput & { UpdateExpression: string };

export interface Deletion {
  /** Milliseconds. */
  at: number;
  correlationId: string;
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
  "multipart",
  "bucket",
  "versionId",
  "verifiedAt",
  "reminders",
  "reason",
  "rejectedAt",
  "openShard",
  "dueAt",
  "retry",
];

/** The first time of the deletion stays; the number of confirmations grows. */
const CONFIRM = [
  "ADD confirmations :one",
  "SET ownerId = :ownerId, imageId = :imageId, #status = :deleted, correlationId = :correlationId,",
  "originalDeletedAt = if_not_exists(originalDeletedAt, :at), #ttl = :ttl",
].join(" ");

/** The write that makes a session, whatever it was, the tombstone of its image. */
export function confirmation(table: string, ref: SessionRef, deletion: Deletion): Change {
  return {
    TableName: table,
    Key: sessionKey(ref),
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
      ":ttl": forgottenAt(deletion.at),
      ":one": 1,
    },
  };
}

/** Holds only while the session has this status. */
export function onlyWhile(status: string, update: Change): Change {
  const { ExpressionAttributeValues: values } = update;
  return {
    ...update,
    ConditionExpression: "#status = :before",
    ExpressionAttributeValues: { ...values, ":before": status },
  };
}
