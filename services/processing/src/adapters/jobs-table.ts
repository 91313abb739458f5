import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { isConditionFailure } from "@shoebox/shared/aws/document";
import type { Audience } from "@shoebox/shared/image";
import type { Cursor } from "@shoebox/shared/reconcile/check";
import { Job, type JobStatus, type Outcome } from "../domain/job.ts";
import type { Finish } from "../domain/leftovers.ts";

/**
 * The indexes that this code reads: deleted images of which the CDN may have copies, and the owner
 * of an image, for who knows only a rendition's key. All else is asked by primary key.
 */
export const indexes = ["cdnCopies", "byImage"] as const;

export interface JobKey {
  ownerId: string;
  imageId: string;
}

/** Which message a change comes from. */
export interface Origin {
  correlationId: string;
  causationId: string;
}

export type Claim =
  | { kind: "claimed"; attempts: number; attemptsBefore: number }
  | { kind: "finished"; as: JobStatus };

/** A job of an image that is not deleted. */
export type LivingJob = Exclude<Job, { status: "deleted" }>;

export interface JobsTable {
  /** Begins an attempt, unless the job has ended: then it is a duplicate. */
  claim(key: JobKey, origin: Origin, now: number): Promise<Claim>;
  /** Writes how an attempt ended, if the job is still being processed. */
  finish(key: JobKey, outcome: Outcome, now: number): Promise<Finish>;
  /**
   * Begins a job anew that was found like this, which the stream then tells upload; false when it has
   * changed since.
   */
  retry(found: LivingJob, correlationId: string, now: number): Promise<boolean>;
  /** Has the end of a job published again; nothing happens to one that has not ended or is deleted. */
  tellAgain(key: JobKey): Promise<void>;
  /** Puts up the tombstone; wins over every state, for ever. */
  bury(key: JobKey, origin: Origin, now: number): Promise<void>;
  /** Notes that the renditions of a buried job are gone. Each call is told to the catalog. */
  confirmRemoval(key: JobKey, now: number): Promise<void>;
  /**
   * Notes that the CDN may have copies of a buried job, which can be fetched until then (ms). Once: a
   * deletion that is told again finds it noted, or done.
   */
  noteCopies(key: JobKey, audience: Audience, until: number): Promise<void>;
  /** Buried jobs with copies at the CDN, those first that can be fetched the longest; only such as can still be fetched. */
  copies(audience: Audience, now: number, limit: number): Promise<JobKey[]>;
  /** Buried jobs whose copies nobody can fetch any more. */
  unreachableCopies(audience: Audience, now: number, limit: number): Promise<JobKey[]>;
  /** There is nothing left to do about copies of this job. */
  forgetCopies(key: JobKey): Promise<void>;
  find(key: JobKey): Promise<Job | undefined>;
  /** Whose image it is; eventually consistent, and none for an image without a job. */
  ownersOf(imageId: string): Promise<string[]>;
  /** Every job that is being processed or was, a page. */
  everyJob(cursor: Cursor | undefined): Promise<{ keys: JobKey[]; next?: Cursor }>;
}

/**
 * Days that a tombstone stays. No live `ImageUploaded` can come later: an event waits at most 14
 * days in a queue and, moved, 14 in its dead-letter queue. Should one come all the same, it finds
 * the original's version gone and ends as a rejection of an image that the catalog knows as deleted.
 */
const TOMBSTONE_DAYS = 30;
const DAY_SECONDS = 86_400;

const OWNER = "userId#";
const IMAGE = "imageId#";

const keyOf = ({ PK, SK }: Record<string, unknown>): JobKey => ({
  ownerId: String(PK).slice(OWNER.length),
  imageId: String(SK).slice(IMAGE.length),
});

/** Whether an item is a job; the table also holds reconciliations. */
export const isJob = ({ PK, SK }: Record<string, unknown>): boolean =>
  String(PK).startsWith(OWNER) && String(SK).startsWith(IMAGE);

/** What an end says, and what a job that begins anew does not know yet. */
const END =
  "width, height, thumbHash, color, takenAt, exif, gps, renditions, steps, reason, finishedAt, told";

/** What an attempt knew and a deleted image must not keep. */
const FORGOTTEN = `${END}, attempts, startedAt, activeAt, retries, attemptsBefore`;

const iso = (now: number) => new Date(now).toISOString();

export function createJobsTable(client: DynamoDBDocumentClient, table: string): JobsTable {
  const update = (
    { ownerId, imageId }: JobKey,
    expression: { set: string; names?: Record<string, string>; values: object; condition?: string },
  ) =>
    client.send(
      new UpdateCommand({
        TableName: table,
        Key: { PK: OWNER + ownerId, SK: IMAGE + imageId },
        UpdateExpression: expression.set,
        ConditionExpression: expression.condition,
        ExpressionAttributeNames: expression.names,
        ...(Object.keys(expression.values).length > 0 && {
          ExpressionAttributeValues: { ...expression.values },
        }),
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );

  return {
    async claim(key, origin, now) {
      try {
        const { Attributes } = await update(key, {
          set: "SET #status = :processing, startedAt = if_not_exists(startedAt, :now), imageId = :imageId, ownerId = :ownerId, correlationId = :correlationId, causationId = :causationId, activeAt = :now ADD attempts :one",
          condition: "attribute_not_exists(PK) OR #status = :processing",
          names: { "#status": "status" },
          values: {
            ":processing": "processing",
            ":now": iso(now),
            ":imageId": key.imageId,
            ":ownerId": key.ownerId,
            ":correlationId": origin.correlationId,
            ":causationId": origin.causationId,
            ":one": 1,
          },
        });
        const { attempts, attemptsBefore = 0 } = Attributes ?? {};
        return {
          kind: "claimed",
          attempts: Number(attempts),
          attemptsBefore: Number(attemptsBefore),
        };
      } catch (error) {
        if (!isConditionFailure(error) || !error.Item) throw error;
        return { kind: "finished", as: Job.parse(unmarshall(error.Item)).status };
      }
    },

    async finish(key, outcome, now) {
      const facts = {
        finishedAt: iso(now),
        steps: outcome.steps,
        ...(outcome.kind === "processed" ? outcome.result : { reason: outcome.reason }),
      };
      const names = Object.keys(facts);
      const assignments = names.map((name) => `#${name} = :${name}`).join(", ");
      try {
        await update(key, {
          set: `SET #status = :status, ${assignments}`,
          condition: "#status = :processing",
          names: Object.fromEntries(["status", ...names].map((name) => [`#${name}`, name])),
          values: {
            ":status": outcome.kind,
            ":processing": "processing",
            ...Object.fromEntries(
              Object.entries(facts).map(([name, value]) => [`:${name}`, value]),
            ),
          },
        });
        return { kind: "saved" };
      } catch (error) {
        if (!isConditionFailure(error)) throw error;
        const by = error.Item && Job.parse(unmarshall(error.Item)).status;
        return { kind: "overtaken", by };
      }
    },

    async retry(found, correlationId, now) {
      try {
        // Whatever a decision rests on changes one of these.
        await update(found, {
          set: `SET #status = :processing, retries = if_not_exists(retries, :none) + :one, attemptsBefore = :attempts, activeAt = :now, correlationId = :correlationId REMOVE causationId, ${END}`,
          condition:
            "#status = :found AND attempts = :attempts AND (attribute_not_exists(retries) OR retries = :retries)",
          names: { "#status": "status" },
          values: {
            ":processing": "processing",
            ":none": 0,
            ":one": 1,
            ":now": iso(now),
            ":correlationId": correlationId,
            ":found": found.status,
            ":attempts": found.attempts,
            ":retries": found.retries ?? 0,
          },
        });
        return true;
      } catch (error) {
        if (isConditionFailure(error)) return false;
        throw error;
      }
    },

    async tellAgain(key) {
      try {
        await update(key, {
          set: "ADD told :one",
          condition: "#status IN (:processed, :rejected)",
          names: { "#status": "status" },
          values: { ":one": 1, ":processed": "processed", ":rejected": "rejected" },
        });
      } catch (error) {
        if (!isConditionFailure(error)) throw error;
      }
    },

    async bury(key, origin, now) {
      await update(key, {
        set: `SET #status = :deleted, deletedAt = if_not_exists(deletedAt, :now), imageId = :imageId, ownerId = :ownerId, correlationId = :correlationId, causationId = :causationId, #ttl = :ttl REMOVE ${FORGOTTEN}`,
        names: { "#status": "status", "#ttl": "ttl" },
        values: {
          ":deleted": "deleted",
          ":now": iso(now),
          ":imageId": key.imageId,
          ":ownerId": key.ownerId,
          ":correlationId": origin.correlationId,
          ":causationId": origin.causationId,
          ":ttl": Math.ceil(now / 1000) + TOMBSTONE_DAYS * DAY_SECONDS,
        },
      });
    },

    async confirmRemoval(key, now) {
      await update(key, {
        set: "SET renditionsDeletedAt = if_not_exists(renditionsDeletedAt, :now), confirmedAt = :now ADD confirmations :one",
        condition: "#status = :deleted",
        names: { "#status": "status" },
        values: { ":now": iso(now), ":one": 1, ":deleted": "deleted" },
      });
    },

    async noteCopies(key, audience, until) {
      try {
        await update(key, {
          set: "SET copiesFor = :audience, reachableUntil = :until",
          condition: "#status = :deleted AND attribute_not_exists(reachableUntil)",
          names: { "#status": "status" },
          values: { ":audience": audience, ":until": iso(until), ":deleted": "deleted" },
        });
      } catch (error) {
        if (!isConditionFailure(error)) throw error;
      }
    },

    copies: (audience, now, limit) => inIndex(audience, ">", now, limit),
    unreachableCopies: (audience, now, limit) => inIndex(audience, "<=", now, limit),

    async forgetCopies(key) {
      await update(key, {
        set: "REMOVE copiesFor",
        condition: "attribute_exists(PK)",
        values: {},
      });
    },

    async find({ ownerId, imageId }) {
      const { Item } = await client.send(
        new GetCommand({
          TableName: table,
          Key: { PK: OWNER + ownerId, SK: IMAGE + imageId },
          ConsistentRead: true,
        }),
      );
      return Item && Job.parse(Item);
    },

    async ownersOf(imageId) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: "byImage",
          KeyConditionExpression: "SK = :image",
          ExpressionAttributeValues: { ":image": IMAGE + imageId },
          Limit: 1,
        }),
      );
      return Items.map((item) => keyOf(item).ownerId);
    },

    async everyJob(cursor) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: table,
          FilterExpression: "#status IN (:processing, :processed)",
          ProjectionExpression: "PK, SK",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ":processing": "processing", ":processed": "processed" },
          Limit: 1_000,
          ExclusiveStartKey: cursor,
        }),
      );
      return { keys: Items.filter(isJob).map(keyOf), next: LastEvaluatedKey };
    },
  };

  async function inIndex(
    audience: Audience,
    comparison: "<=" | ">",
    now: number,
    limit: number,
  ): Promise<JobKey[]> {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: "cdnCopies",
        KeyConditionExpression: `copiesFor = :audience AND reachableUntil ${comparison} :now`,
        ExpressionAttributeValues: { ":audience": audience, ":now": iso(now) },
        ScanIndexForward: comparison === "<=",
        Limit: limit,
      }),
    );
    return Items.map(keyOf);
  }
}
