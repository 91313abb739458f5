import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { isConditionFailure } from "@shoebox/shared/aws/document";
import { Job, type JobStatus, type Outcome } from "../domain/job.ts";
import type { Finish } from "../domain/leftovers.ts";

/** Every question is answered from the primary key. */
export const indexes = [] as const;

export interface JobKey {
  ownerId: string;
  imageId: string;
}

/** Which message a change comes from. */
export interface Origin {
  correlationId: string;
  causationId: string;
}

export type Claim = { kind: "claimed"; attempts: number } | { kind: "finished"; as: JobStatus };

export interface JobsTable {
  /** Begins an attempt, unless the job has ended: then it is a duplicate. */
  claim(key: JobKey, origin: Origin, now: number): Promise<Claim>;
  /** Writes how an attempt ended, if the job is still being processed. */
  finish(key: JobKey, outcome: Outcome, now: number): Promise<Finish>;
  /** Has the end of a job published again; nothing happens to one that has not ended or is deleted. */
  tellAgain(key: JobKey): Promise<void>;
  /** Puts up the tombstone; wins over every state, for ever. */
  bury(key: JobKey, origin: Origin, now: number): Promise<void>;
  /** Notes that the renditions of a buried job are gone. Each call is told to the catalog. */
  confirmRemoval(key: JobKey, now: number): Promise<void>;
  find(key: JobKey): Promise<Job | undefined>;
}

/**
 * Days that a tombstone stays. No live `ImageUploaded` can come later: an event waits at most 14
 * days in a queue and, moved, 14 in its dead-letter queue. Should one come all the same, it finds
 * the original's version gone and ends as a rejection of an image that the catalog knows as deleted.
 */
const TOMBSTONE_DAYS = 30;
const DAY_SECONDS = 86_400;

/** What an attempt knew and a deleted image must not keep. */
const FORGOTTEN =
  "width, height, thumbHash, color, takenAt, exif, gps, renditions, steps, reason, attempts, startedAt, finishedAt, told";

const iso = (now: number) => new Date(now).toISOString();

export function createJobsTable(client: DynamoDBDocumentClient, table: string): JobsTable {
  const update = (
    { ownerId, imageId }: JobKey,
    expression: { set: string; names?: Record<string, string>; values: object; condition?: string },
  ) =>
    client.send(
      new UpdateCommand({
        TableName: table,
        Key: { PK: `userId#${ownerId}`, SK: `imageId#${imageId}` },
        UpdateExpression: expression.set,
        ConditionExpression: expression.condition,
        ExpressionAttributeNames: expression.names,
        ExpressionAttributeValues: { ...expression.values },
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );

  return {
    async claim(key, origin, now) {
      try {
        const { Attributes } = await update(key, {
          set: "SET #status = :processing, startedAt = if_not_exists(startedAt, :now), imageId = :imageId, ownerId = :ownerId, correlationId = :correlationId, causationId = :causationId ADD attempts :one",
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
        return { kind: "claimed", attempts: Number(Attributes?.attempts) };
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

    async find({ ownerId, imageId }) {
      const { Item } = await client.send(
        new GetCommand({
          TableName: table,
          Key: { PK: `userId#${ownerId}`, SK: `imageId#${imageId}` },
          ConsistentRead: true,
        }),
      );
      return Item && Job.parse(Item);
    },
  };
}
