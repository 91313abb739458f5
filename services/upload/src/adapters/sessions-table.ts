import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { isConditionFailure } from "@shoebox/shared/aws/document";
import { type TransactItem, transact, whenFree } from "@shoebox/shared/aws/transaction";
import type { Reason } from "@shoebox/shared/image";
import type { Cursor } from "@shoebox/shared/reconcile/check";
import { holdsQuota, type Recount, type Usage, usageOf } from "../domain/quota.ts";
import { nextReminder } from "../domain/reminder.ts";
import { forgottenAt, Session, type SessionRef, type Upload } from "../domain/session.ts";
import { type Change, confirmation, type Deletion, onlyWhile } from "./confirmation.ts";
import { contentKey, contentPrefix } from "./content-item.ts";
import { correction, everyOwner, everyUploaded, recount } from "./inventory.ts";
import { quotaKey, release, reserve } from "./quota-item.ts";
import {
  openItem,
  openShard,
  refOf,
  sessionKey,
  shardOf,
  unprocessedShard,
} from "./session-item.ts";

/** The index that this code reads: what a job must look after, sessions that have not ended and uploads that are not processed. Everything else is asked by owner. */
export const indexes = ["openSessions"] as const;

/** How many sessions one transaction can begin: it takes a hundred items, and one is the quota's. */
export const MAX_OPEN = 99;

/** What only a session that is still awaiting its object may become. */
export type Outcome =
  | { status: "uploaded"; bucket: string; versionId: string; verifiedAt: number }
  | { status: "rejected"; reason: Reason; rejectedAt: number }
  | { status: "aborted" }
  | { status: "expired" };

export interface SessionsTable {
  /**
   * Begins all of these sessions of one owner (at most `MAX_OPEN`) and takes what they need from his
   * quota, or does nothing: then they do not fit. An id that exists already is an error.
   */
  open(uploads: [Upload, ...Upload[]], limit: Usage): Promise<boolean>;
  /** Strongly consistent. What its TTL has ended is not there, however late DynamoDB removes it. */
  load(ref: SessionRef, now: number): Promise<Session | undefined>;
  /**
   * Ends the waiting and, without an image, gives back the quota, once. False when somebody else
   * ended it first; then nothing has changed.
   */
  close(upload: Upload, outcome: Outcome, now: number): Promise<boolean>;
  /** Says that the original of a deleted image is gone: once more each time it is called. */
  confirmDeleted(ref: SessionRef, deletion: Deletion): Promise<void>;
  /** What an owner's uploads take; strongly consistent. */
  usage(ownerId: string): Promise<Usage>;
  /** What an owner's sessions really take, and what is noted of it; undefined when that changes all the time. */
  recount(ownerId: string): Promise<Recount | undefined>;
  /** Notes what was counted, unless anything has changed since. */
  correctQuota(ownerId: string, count: Recount): Promise<boolean>;
  /** Everybody who has a quota, a page. */
  everyOwner(cursor: Cursor | undefined): Promise<{ owners: string[]; next?: Cursor }>;
  /** Every upload that was accepted and not deleted, a page. */
  everyUploaded(cursor: Cursor | undefined): Promise<{ refs: SessionRef[]; next?: Cursor }>;
  /** An image of this owner's that is uploaded and has this content (base64), the oldest; strongly consistent. */
  imageWith(ownerId: string, sha256: string): Promise<string | undefined>;
  /**
   * Processing has ended, after so many retries: nobody need be reminded of this upload. False when
   * that is known, a later retry was asked for, or there is no such upload.
   */
  settle(ref: SessionRef, retry: number): Promise<boolean>;
  /** Processing asks for an upload again: it is published, and reminded of until that has ended. False when it was asked for as often before. */
  reopen(ref: SessionRef, retry: number, now: number): Promise<boolean>;
  /** Notes that an upload is published again, which the stream then does; false when somebody else just did. */
  remind(upload: Uploaded, now: number): Promise<boolean>;
  /** Sessions of a shard that were due to end before `until` (ms), in pages; some may have ended just now. */
  due(shard: number, until: number): AsyncGenerator<SessionRef[]>;
  /** Uploads of a shard that are to be published again before `until` (ms), in pages; some may have been processed just now. */
  unprocessed(shard: number, until: number): AsyncGenerator<SessionRef[]>;
}

type Uploaded = Extract<Session, { status: "uploaded" }>;

export function createSessionsTable(client: DynamoDBDocumentClient, table: string): SessionsTable {
  async function read(ref: SessionRef): Promise<Record<string, unknown> | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: sessionKey(ref), ConsistentRead: true }),
    );
    return Item;
  }

  /** One change alone needs no transaction, which costs twice as much. False when its condition does not hold. */
  async function write(update: Change, others: TransactItem[]): Promise<boolean> {
    if (others.length > 0) return (await transact(client, [{ Update: update }, ...others])).done;
    try {
      await whenFree(() => client.send(new UpdateCommand(update)));
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  }

  return {
    async open(uploads, limit) {
      const needed = usageOf(uploads);
      if (needed.bytes > limit.bytes || needed.images > limit.images) return false;
      const result = await transact(client, [
        reserve(table, uploads[0].ownerId, needed, limit),
        ...uploads.map((upload) => ({
          Put: {
            TableName: table,
            Item: openItem(upload),
            ConditionExpression: "attribute_not_exists(PK)",
          },
        })),
      ]);
      if (result.done || result.refused.includes(0)) return result.done;
      throw new Error("An image id was given out twice.");
    },

    async load(ref, now) {
      const item = await read(ref);
      if (!item || (typeof item.ttl === "number" && item.ttl * 1000 <= now)) return undefined;
      return Session.parse(item);
    },

    async close(upload, outcome, now) {
      const kept = outcome.status === "uploaded";
      const values = {
        ...outcome,
        ...(kept
          ? {
              openShard: unprocessedShard(shardOf(upload.imageId)),
              dueAt: new Date(nextReminder(0, now)).toISOString(),
            }
          : { ttl: forgottenAt(now) }),
      };
      const names = Object.keys(values);
      const update: Change = {
        TableName: table,
        Key: sessionKey(upload),
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`)}${kept ? "" : " REMOVE openShard, dueAt"}`,
        ConditionExpression: "#status = :awaiting",
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ...Object.fromEntries(Object.entries(values).map(([k, v]) => [`:${k}`, v])),
          ":awaiting": "awaiting",
        },
      };
      if (!kept) return write(update, [release(table, upload)]);
      const { ownerId, imageId, sha256 } = upload;
      if (sha256 === undefined) return write(update, []);
      const Item = contentKey({ ownerId, imageId, sha256 });
      return write(update, [{ Put: { TableName: table, Item } }]);
    },

    // Every state may end in this one, and a session that is long forgotten as well: the catalog
    // waits for the confirmation whatever has happened here. Two at a time only count twice. One that
    // takes nothing from the quota never does so again, and so needs no condition; the others go one
    // way, and this decides again twice at most.
    async confirmDeleted(ref, deletion) {
      for (let confirmed = false; !confirmed; ) {
        const item = await read(ref);
        const session = item && Session.parse(item);
        const update = confirmation(table, ref, deletion);
        confirmed =
          session && holdsQuota(session)
            ? await write(onlyWhile(session.status, update), [
                release(table, session),
                ...contentsOf(table, session),
              ])
            : await write(update, []);
      }
    },

    settle: (ref, retry) =>
      write(
        {
          TableName: table,
          Key: sessionKey(ref),
          UpdateExpression: "REMOVE openShard, dueAt",
          ConditionExpression:
            "#status = :uploaded AND attribute_exists(openShard) AND (attribute_not_exists(#retry) OR #retry <= :retry)",
          ExpressionAttributeNames: { "#status": "status", "#retry": "retry" },
          ExpressionAttributeValues: { ":uploaded": "uploaded", ":retry": retry },
        },
        [],
      ),

    reopen: (ref, retry, now) =>
      write(
        {
          TableName: table,
          Key: sessionKey(ref),
          UpdateExpression:
            "SET #retry = :retry, openShard = :shard, dueAt = :next, reminders = if_not_exists(reminders, :none) + :one",
          ConditionExpression:
            "#status = :uploaded AND (attribute_not_exists(#retry) OR #retry < :retry)",
          ExpressionAttributeNames: { "#status": "status", "#retry": "retry" },
          ExpressionAttributeValues: {
            ":uploaded": "uploaded",
            ":retry": retry,
            ":shard": unprocessedShard(shardOf(ref.imageId)),
            ":next": new Date(nextReminder(0, now)).toISOString(),
            ":none": 0,
            ":one": 1,
          },
        },
        [],
      ),

    remind(upload, now) {
      const { reminders = 0, dueAt } = upload;
      return write(
        {
          TableName: table,
          Key: sessionKey(upload),
          UpdateExpression: "SET reminders = :reminders, dueAt = :next",
          ConditionExpression: "#status = :uploaded AND dueAt = :seen",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: {
            ":uploaded": "uploaded",
            ":seen": dueAt,
            ":reminders": reminders + 1,
            ":next": new Date(nextReminder(reminders + 1, now)).toISOString(),
          },
        },
        [],
      );
    },

    async usage(ownerId) {
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: quotaKey(ownerId), ConsistentRead: true }),
      );
      return { bytes: Item?.bytes ?? 0, images: Item?.images ?? 0 };
    },

    recount: (ownerId) => recount(client, table, ownerId),
    correctQuota: (ownerId, count) => write(correction(table, ownerId, count), []),
    everyOwner: (cursor) => everyOwner(client, table, cursor),
    everyUploaded: (cursor) => everyUploaded(client, table, cursor),

    async imageWith(ownerId, sha256) {
      const prefix = contentPrefix(sha256);
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: "PK = :owner AND begins_with(SK, :prefix)",
          ExpressionAttributeValues: { ":owner": quotaKey(ownerId).PK, ":prefix": prefix },
          ConsistentRead: true,
          Limit: 1,
        }),
      );
      return Items[0] && String(Items[0].SK).slice(prefix.length);
    },

    due: (shard, until) => inIndex(openShard(shard), until),
    unprocessed: (shard, until) => inIndex(unprocessedShard(shard), until),
  };

  async function* inIndex(shard: string, until: number): AsyncGenerator<SessionRef[]> {
    let from: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: "openSessions",
          KeyConditionExpression: "openShard = :shard AND dueAt < :until",
          ExpressionAttributeValues: {
            ":shard": shard,
            ":until": new Date(until).toISOString(),
          },
          Limit: 100,
          ExclusiveStartKey: from,
        }),
      );
      yield Items.map(refOf);
      from = LastEvaluatedKey;
    } while (from);
  }
}

/** What says that an image has its content goes with the image. */
function contentsOf(table: string, { ownerId, imageId, sha256 }: Upload): TransactItem[] {
  if (sha256 === undefined) return [];
  return [{ Delete: { TableName: table, Key: contentKey({ ownerId, imageId, sha256 }) } }];
}
