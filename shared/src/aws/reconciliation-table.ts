import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
} from "@aws-sdk/lib-dynamodb";
import type { ReportLine, Request, Run, RunStore } from "../reconcile/run.ts";
import { isConditionFailure } from "./document.ts";

/** Milliseconds: longer than the function that holds it may run (15 minutes). */
const LEASE = 960_000;
/** Milliseconds that a report is kept. */
const KEPT = 30 * 86_400_000;
/** Findings of one run that are kept with it; the log has all of them. */
const MOST_FINDINGS = 10_000;

const PK = "reconciliation";
const runKey = (id: string) => ({ PK, SK: `run#${id}` });
const reportKey = (run: Run) => `${PK}#${run.id}#${run.startedAt}`;

export interface ReconciliationTable extends RunStore {
  /** Notes a run that is asked for, so that it is known from then on; `take` begins it. */
  ask(request: Request, now: number): Promise<void>;
  find(id: string): Promise<Run | undefined>;
  /**
   * What a run found, in the order of its checks, as long as it is kept (30 days, 10,000 lines): a page
   * after the place where the one before ended.
   */
  findings(
    run: Run,
    limit: number,
    after?: string,
  ): Promise<{ lines: ReportLine[]; next?: string }>;
}

/**
 * Reconciliations as items of the service's own table: PK `reconciliation`, SK `run#<id>`; findings
 * under `reconciliation#<id>#<start>`. A run belongs to whoever wrote its lease.
 */
export function createReconciliationTable(
  client: DynamoDBDocumentClient,
  table: string,
): ReconciliationTable {
  // The leases of the runs that this process holds.
  const held = new Map<string, number>();

  async function put(run: Run, seen: number | undefined, now: number): Promise<boolean> {
    const lease = run.status === "running" ? now + LEASE : 0;
    try {
      await client.send(
        new PutCommand({
          TableName: table,
          Item: { ...run, ...runKey(run.id), lease, ttl: Math.ceil((now + KEPT) / 1000) },
          ConditionExpression: seen === undefined ? "attribute_not_exists(PK)" : "#lease = :seen",
          ...(seen !== undefined && {
            ExpressionAttributeNames: { "#lease": "lease" },
            ExpressionAttributeValues: { ":seen": seen },
          }),
        }),
      );
      held.set(run.id, lease);
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  }

  async function load(id: string): Promise<(Run & { lease: number }) | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: runKey(id), ConsistentRead: true }),
    );
    if (!Item) return undefined;
    const { PK: _, SK: __, ttl: ___, ...run } = Item;
    return run as Run & { lease: number };
  }

  return {
    async ask(request, now) {
      const at = new Date(now).toISOString();
      const asked = {
        status: "asked",
        startedAt: at,
        updatedAt: at,
        check: 0,
        counts: {},
      } as const;
      await put({ ...request, ...asked }, undefined, now);
    },

    async take(request: Request, now) {
      const before = await load(request.id);
      if (before && before.lease > now) return undefined;
      const ended = before?.status === "finished";
      if (ended && request.id !== "scheduled") return undefined;
      const at = new Date(now).toISOString();
      const { lease, ...rest } = before ?? { lease: undefined };
      const run: Run =
        before && !ended
          ? { ...(rest as Run), status: "running", updatedAt: at }
          : { ...request, status: "running", startedAt: at, updatedAt: at, check: 0, counts: {} };
      return (await put(run, lease, now)) ? run : undefined;
    },

    async save(run, lines, now) {
      const before = Object.values(run.counts).reduce((sum, { found }) => sum + found, 0);
      for (const line of lines.slice(0, Math.max(0, MOST_FINDINGS - before + lines.length))) {
        const subject = JSON.stringify(line.subject);
        const SK = `${String(run.check).padStart(2, "0")}#${line.check}#${subject}`;
        const ttl = Math.ceil((now + KEPT) / 1000);
        const Item = { PK: reportKey(run), SK: SK.slice(0, 1_000), ...line, ttl };
        await client.send(new PutCommand({ TableName: table, Item }));
      }
      run.updatedAt = new Date(now).toISOString();
      return put(run, held.get(run.id), now);
    },

    async find(id) {
      const found = await load(id);
      if (!found) return undefined;
      const { lease: _, ...run } = found;
      return run;
    },

    async findings(run, limit, after) {
      const PK = reportKey(run);
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: "PK = :report",
          ExpressionAttributeValues: { ":report": PK },
          ConsistentRead: true,
          Limit: limit,
          ...(after !== undefined && { ExclusiveStartKey: { PK, SK: after } }),
        }),
      );
      const lines = Items.map(({ check, subject, why, repaired }) => ({
        check,
        subject,
        why,
        repaired,
      }));
      return { lines, next: LastEvaluatedKey?.SK };
    },
  };
}
