import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { isConditionFailure } from "@shoebox/shared/aws/document";
import { transact } from "@shoebox/shared/aws/transaction";
import type { Comparison, Job, Rebuild } from "../domain/job.ts";

/** This table is read by its keys alone. */
export const indexes = [] as const;

type KindOf<K extends Job["kind"]> = K extends "rebuild" ? Rebuild : Comparison;

export type Begun = { kind: "begun" } | { kind: "busy"; activeId: string };

export interface JobsTable {
  /** Begins a job unless one of its kind is under way: that one is named. */
  begin(job: Job): Promise<Begun>;
  get<K extends Job["kind"]>(kind: K, id: string): Promise<KindOf<K> | undefined>;
  /** The newest first; `before` is the id where the page before ended. */
  list<K extends Job["kind"]>(kind: K, limit: number, before?: string): Promise<KindOf<K>[]>;
  /** All jobs that are under way: at most one of each kind. */
  active(): Promise<Job[]>;
  /**
   * Writes the job with a raised fence, if nobody else wrote it since it was read; false if somebody
   * did. A job that is done makes way for the next of its kind in the same step.
   */
  write(job: Job): Promise<boolean>;
  /** Notes why a step could not be done, unless the job has gone on meanwhile. */
  trouble(job: Job, message: string): Promise<void>;
}

const keyOf = ({ kind, id }: Pick<Job, "kind" | "id">) => ({ PK: `jobs#${kind}`, SK: `id#${id}` });
const lockOf = (kind: Job["kind"]) => ({ PK: "active", SK: `kind#${kind}` });

export function createJobsTable(client: DynamoDBDocumentClient, table: string): JobsTable {
  async function get<K extends Job["kind"]>(kind: K, id: string): Promise<KindOf<K> | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: keyOf({ kind, id }), ConsistentRead: true }),
    );
    return Item?.job as KindOf<K> | undefined;
  }

  async function activeId(kind: Job["kind"]): Promise<string | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: lockOf(kind), ConsistentRead: true }),
    );
    return Item?.jobId as string | undefined;
  }

  return {
    get,

    async begin(job) {
      const done = await transact(client, [
        {
          Put: {
            TableName: table,
            Item: { ...lockOf(job.kind), jobId: job.id },
            ConditionExpression: "attribute_not_exists(PK)",
          },
        },
        { Put: { TableName: table, Item: { ...keyOf(job), job, fence: job.fence } } },
      ]);
      if (done.done) return { kind: "begun" };
      const other = await activeId(job.kind);
      // It may have ended between the two calls; who asks again will see.
      return { kind: "busy", activeId: other ?? "unknown" };
    },

    async list<K extends Job["kind"]>(kind: K, limit: number, before?: string) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: before ? "PK = :pk AND SK < :before" : "PK = :pk",
          ExpressionAttributeValues: {
            ":pk": `jobs#${kind}`,
            ...(before && { ":before": `id#${before}` }),
          },
          ScanIndexForward: false,
          Limit: limit,
          ConsistentRead: true,
        }),
      );
      return Items.map((item) => item.job as KindOf<K>);
    },

    async active() {
      const kinds = ["rebuild", "comparison"] as const;
      const jobs = await Promise.all(
        kinds.map(async (kind) => {
          const id = await activeId(kind);
          return id === undefined ? undefined : get(kind, id);
        }),
      );
      return jobs.filter((job) => job !== undefined);
    },

    async write(read) {
      const job = { ...read, fence: read.fence + 1, trouble: undefined };
      const Put = {
        TableName: table,
        Item: { ...keyOf(job), job, fence: job.fence },
        ConditionExpression: "fence = :fence",
        ExpressionAttributeValues: { ":fence": read.fence },
      };
      if (job.phase !== "done") {
        try {
          await client.send(new PutCommand(Put));
          return true;
        } catch (error) {
          if (isConditionFailure(error)) return false;
          throw error;
        }
      }
      const Delete = {
        TableName: table,
        Key: lockOf(job.kind),
        ConditionExpression: "attribute_not_exists(PK) OR jobId = :id",
        ExpressionAttributeValues: { ":id": job.id },
      };
      const [put, unlock] = [{ Put }, { Delete }];
      // A job that was done before (a rollback is noted on it) holds nothing any more.
      const answer = await transact(client, [put, unlock]);
      if (answer.done) return true;
      if (answer.refused.includes(0)) return false;
      return (await transact(client, [put])).done;
    },

    async trouble(job, message) {
      try {
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(job),
            UpdateExpression: "SET job.trouble = :trouble",
            ConditionExpression: "fence = :fence",
            ExpressionAttributeValues: { ":trouble": message, ":fence": job.fence },
          }),
        );
      } catch (error) {
        if (!isConditionFailure(error)) throw error;
      }
    },
  };
}
