import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from "@aws-sdk/lib-dynamodb";
import { isConditionFailure } from "@shoebox/shared/aws/document";
import { transact } from "@shoebox/shared/aws/transaction";
import type { OwnerSummary } from "@shoebox/shared/events/catalog";
import type { Purpose, SnapshotProgress, Suspect } from "../domain/decide.ts";
import type { Disagreement, Job } from "../domain/job.ts";

/** What was asked of the catalog, and for whom. Its insertion is what the relay publishes. */
export interface SnapshotRequest {
  snapshotId: string;
  mode: "summary" | "state";
  owners?: string[];
  purpose: Purpose;
  job: Pick<Job, "kind" | "id">;
  index: string;
  requestedAt: number;
  correlationId: string;
}

/** Where a page belongs. */
export interface PagePlace {
  snapshotId: string;
  segment: number;
  segments: number;
  page: number;
  last: boolean;
}

/** What came of a page, kept until the snapshot is complete. */
export interface PageOutcome {
  images: number;
  owners: OwnerSummary[];
  /** Of a comparison: those whose count or checksum is another in the index. */
  differing: string[];
  /** Of a proof: all that the page told of, deleted ones too. */
  listed: string[];
  disagreements: Disagreement[];
  /** What the engine would never take, with its reason. */
  refused: string[];
}

/** What is kept of the questions that the first look at some owners left open. */
export interface Questions {
  owners: string[];
  disagreements: Disagreement[];
  suspects: Suspect[];
}

export interface SnapshotsTable {
  /** Asks for it once, however often it is called. */
  request(request: SnapshotRequest): Promise<void>;
  requested(snapshotId: string): Promise<SnapshotRequest | undefined>;
  /** Counts a page once, however often it comes. */
  record(place: PagePlace, outcome: PageOutcome, now: number): Promise<void>;
  progress(snapshotId: string): Promise<SnapshotProgress>;
  pages(snapshotId: string): Promise<PageOutcome[]>;
  /** The owners of each proof, in chunks. */
  plan(job: Job, chunks: string[][]): Promise<void>;
  questions(job: Job): Promise<Questions>;
  keepQuestions(job: Job, questions: Omit<Questions, "owners">): Promise<void>;
  /** What a comparison found, in order; at most `limit`. */
  disagreements(job: Pick<Job, "kind" | "id">, limit: number): Promise<Disagreement[]>;
  keepDisagreements(job: Job, disagreements: Disagreement[]): Promise<void>;
}

/** Seconds that the pages of a snapshot, and what was found, are kept. */
const KEPT = 30 * 86_400;
/** More than anybody reads, and well within what an item may have. */
const DISAGREEMENTS_PER_ITEM = 1_000;

export const REQUEST = "request";

const snapshotKey = (snapshotId: string) => `snapshot#${snapshotId}`;
const workKey = ({ kind, id }: Pick<Job, "kind" | "id">) => `work#${kind}#${id}`;
const padded = (number: number) => String(number).padStart(8, "0");

export function createSnapshotsTable(
  client: DynamoDBDocumentClient,
  table: string,
): SnapshotsTable {
  const ttlOf = (now: number) => Math.ceil(now / 1_000) + KEPT;

  async function query<T>(PK: string, prefix: string): Promise<T[]> {
    const items: T[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const answer = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: "PK = :pk AND begins_with(SK, :prefix)",
          ExpressionAttributeValues: { ":pk": PK, ":prefix": prefix },
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      );
      items.push(...((answer.Items ?? []) as T[]));
      ExclusiveStartKey = answer.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items;
  }

  const put = async (Item: Record<string, unknown>) => {
    await client.send(new PutCommand({ TableName: table, Item }));
  };

  return {
    async request(request) {
      const keys = { PK: snapshotKey(request.snapshotId), SK: REQUEST };
      try {
        await client.send(
          new PutCommand({
            TableName: table,
            Item: { ...keys, ...request, ttl: ttlOf(request.requestedAt) },
            ConditionExpression: "attribute_not_exists(PK)",
          }),
        );
      } catch (error) {
        if (!isConditionFailure(error)) throw error;
      }
    },

    async requested(snapshotId) {
      const { Item } = await client.send(
        new GetCommand({
          TableName: table,
          Key: { PK: snapshotKey(snapshotId), SK: REQUEST },
          ConsistentRead: true,
        }),
      );
      return Item as SnapshotRequest | undefined;
    },

    async record({ snapshotId, segment, segments, page, last }, outcome, now) {
      const PK = snapshotKey(snapshotId);
      await transact(client, [
        {
          Put: {
            TableName: table,
            Item: {
              PK,
              SK: `page#${padded(segment)}#${padded(page)}`,
              ...outcome,
              ttl: ttlOf(now),
            },
            ConditionExpression: "attribute_not_exists(PK)",
          },
        },
        {
          Update: {
            TableName: table,
            Key: { PK, SK: `segment#${padded(segment)}` },
            UpdateExpression: `SET #segments = :segments, lastAt = :now, #ttl = :ttl${last ? ", lastPage = :page" : ""} ADD pages :one, images :images`,
            ExpressionAttributeNames: { "#segments": "segments", "#ttl": "ttl" },
            ExpressionAttributeValues: {
              ":segments": segments,
              ":now": now,
              ":ttl": ttlOf(now),
              ":one": 1,
              ":images": outcome.images,
              ...(last && { ":page": page }),
            },
          },
        },
      ]);
    },

    async progress(snapshotId) {
      const segments = await query<Segment>(snapshotKey(snapshotId), "segment#");
      const whole = segments.filter(
        ({ lastPage, pages }) => lastPage !== undefined && pages === lastPage + 1,
      );
      return {
        complete: segments.length > 0 && whole.length === segments[0]?.segments,
        images: segments.reduce((sum, { images }) => sum + images, 0),
        ...(segments.length > 0 && {
          lastPageAt: Math.max(...segments.map(({ lastAt }) => lastAt)),
        }),
      };
    },

    pages: (snapshotId) => query<PageOutcome>(snapshotKey(snapshotId), "page#"),

    async plan(job, chunks) {
      for (const [chunk, owners] of chunks.entries()) {
        const questions: Questions = { owners, disagreements: [], suspects: [] };
        await put({
          PK: workKey(job),
          SK: `proof#${padded(chunk)}`,
          ...questions,
          ttl: ttlOf(job.createdAt),
        });
      }
    },

    async questions(job) {
      const [found] = await query<Questions>(workKey(job), `proof#${padded(job.chunk)}`);
      if (!found) throw new Error(`Proof ${job.chunk} of ${job.id} was not planned.`);
      return found;
    },

    async keepQuestions(job, questions) {
      const [found] = await query<Questions>(workKey(job), `proof#${padded(job.chunk)}`);
      await put({ ...found, ...questions, PK: workKey(job), SK: `proof#${padded(job.chunk)}` });
    },

    async disagreements(job, limit) {
      const items = await query<{ disagreements: Disagreement[] }>(workKey(job), "found#");
      return items.flatMap(({ disagreements }) => disagreements).slice(0, limit);
    },

    async keepDisagreements(job, disagreements) {
      if (disagreements.length === 0) return;
      await put({
        PK: workKey(job),
        SK: `found#${padded(job.chunk)}`,
        disagreements: disagreements.slice(0, DISAGREEMENTS_PER_ITEM),
        ttl: ttlOf(job.createdAt),
      });
    },
  };
}

interface Segment {
  segments: number;
  pages: number;
  images: number;
  lastPage?: number;
  lastAt: number;
}
