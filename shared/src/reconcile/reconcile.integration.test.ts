import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { applyTable } from "@shoebox/local/dynamodb/apply-table";
import { startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import type { SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createReconciliationTable,
  type ReconciliationTable,
} from "../aws/reconciliation-table.ts";
import { rememberingLog } from "../log.testkit.ts";
import type { Check } from "./check.ts";
import { createReconciler } from "./reconciler.ts";
import type { ReportLine } from "./run.ts";

let dataDir: string;
let close: () => Promise<void>;
let documents: DynamoDBDocumentClient;
let store: ReconciliationTable;
let clock = Date.parse("2026-11-22T12:00:00Z");
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "reconcile-"));
  const db = await startDynamoDb({ dataDir });
  const credentials = { accessKeyId: "AKIALOCAL", secretAccessKey: "local-secret" };
  const client = new DynamoDBClient({ endpoint: db.url, region: "us-east-1", credentials });
  await applyTable(client, {
    TableName: "things",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["PK", "SK"].map((AttributeName) => ({
      AttributeName,
      AttributeType: "S",
    })),
    KeySchema: [
      { AttributeName: "PK", KeyType: "HASH" },
      { AttributeName: "SK", KeyType: "RANGE" },
    ],
  });
  documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  store = createReconciliationTable(documents, "things");
  close = async () => {
    client.destroy();
    await db.close();
  };
});
afterAll(async () => {
  await close();
  await rm(dataDir, { recursive: true });
});

/** Things by number; the odd ones are wrong until they are repaired, and come in pages of two. */
let things: number[];
let repaired: number[];
let pages: number;
let dieAt: number | undefined;
let takesMs = 0;
beforeEach(() => {
  things = [1, 2, 3, 4, 5];
  repaired = [];
  pages = 0;
  dieAt = undefined;
  takesMs = 0;
});
const odd: Check = {
  name: "odd",
  async page(cursor) {
    pages += 1;
    clock += takesMs;
    if (pages === dieAt) throw new Error("the process died");
    const from = Number(cursor?.from ?? 0);
    const page = things.slice(from, from + 2);
    return {
      looked: page.length,
      findings: page.filter((n) => n % 2 === 1).map((n) => ({ subject: { n }, why: "it is odd" })),
      next: from + 2 < things.length ? { from: from + 2 } : undefined,
    };
  },
  async repair({ subject }) {
    if (subject.n === 5) throw new Error("five resists");
    repaired.push(Number(subject.n));
    return true;
  },
};
const large: Check = {
  name: "large",
  page: async () => ({ looked: 1, findings: [{ subject: { n: 5 }, why: "it is large" }] }),
};

const reconciler = () =>
  createReconciler({
    checks: [odd, large],
    store,
    log: rememberingLog().log,
    now: () => clock,
  });
async function send(message: object): Promise<boolean> {
  const attributes = { ApproximateReceiveCount: "1" };
  const record = { messageId: "m", body: JSON.stringify(message), attributes } as SQSRecord;
  return (await reconciler()({ Records: [record] })).batchItemFailures.length === 0;
}
async function reported(id: string) {
  const run = await store.find(id);
  const lines: ReportLine[] = [];
  let after: string | undefined;
  do {
    // Pages of two, so that each test goes over more than one.
    const page = run && (await store.findings(run, 2, after));
    lines.push(...(page?.lines ?? []));
    after = page?.next;
  } while (after !== undefined);
  return { run, lines };
}

describe("a reconciliation", () => {
  it("that is asked for repairs nothing unless it is told to, and keeps its report", async () => {
    expect(await send({ reconcile: { id: "ask-1" } })).toBe(true);
    expect(repaired).toEqual([]);
    const { run, lines } = await reported("ask-1");
    expect(run).toMatchObject({
      status: "finished",
      dryRun: true,
      counts: {
        odd: { looked: 5, found: 3, repaired: 0, failed: 0 },
        large: { looked: 1, found: 1, repaired: 0, failed: 0 },
      },
    });
    expect(lines.map(({ check, subject }) => [check, subject.n])).toEqual([
      ["odd", 1],
      ["odd", 3],
      ["odd", 5],
      ["large", 5],
    ]);
    expect(lines[0]).toEqual({
      check: "odd",
      subject: { n: 1 },
      why: "it is odd",
      repaired: false,
    });
    const before = pages;
    await send({ reconcile: { id: "ask-1" } });
    expect(pages).toBe(before);
  });

  it("repairs what it can, and one that can't be repaired keeps no other from it", async () => {
    await send({ reconcile: { id: "ask-2", dryRun: false } });
    expect(repaired).toEqual([1, 3]);
    const { run, lines } = await reported("ask-2");
    expect(run?.counts.odd).toEqual({ looked: 5, found: 3, repaired: 2, failed: 1 });
    expect(lines.filter((line) => line.repaired)).toHaveLength(2);
  });

  it("that died goes on at the page it died on, when its lease has ended", async () => {
    dieAt = 2;
    expect(await send({ reconcile: { id: "ask-3" } })).toBe(false);
    await send({ reconcile: { id: "ask-3" } });
    expect(pages).toBe(2);
    clock += 1_000_000;
    expect(await send({ reconcile: { id: "ask-3" } })).toBe(true);
    expect(pages).toBe(4);
    expect((await reported("ask-3")).run?.counts.odd).toMatchObject({ looked: 5, found: 3 });
  });

  it("pauses when its time is up and goes on when it is asked again", async () => {
    takesMs = 400_000;
    await send({ reconcile: { id: "ask-4" } });
    expect((await reported("ask-4")).run).toMatchObject({ status: "paused", check: 0 });
    await send({ reconcile: { id: "ask-4" } });
    expect((await reported("ask-4")).run).toMatchObject({ status: "finished" });
    expect(pages).toBe(3);
  });

  it("of the clock repairs, and begins anew each time it has ended", async () => {
    await send({ "detail-type": "Scheduled Event" });
    await send({ "detail-type": "Scheduled Event" });
    expect(repaired).toEqual([1, 3, 1, 3]);
    expect((await reported("scheduled")).lines).toHaveLength(4);
  });

  it("has one worker at a time", async () => {
    const request = { id: "ask-5", dryRun: true };
    const taken = await Promise.all([store.take(request, clock), store.take(request, clock)]);
    expect(taken.filter(Boolean)).toHaveLength(1);
    clock += 1_000_000;
    const other = createReconciliationTable(documents, "things");
    expect(await other.take(request, clock)).toBeDefined();
    const [late] = taken.filter((run) => run !== undefined);
    expect(late && (await store.save(late, [], clock))).toBe(false);
  });

  it.each([
    [{ reconcile: {} }],
    [{ reconcile: { id: "a b" } }],
    [{ reconcile: { id: "scheduled", dryRun: true } }],
  ])("is refused when it is not understood: %j", async (message) => {
    expect(await send(message)).toBe(false);
    expect(pages).toBe(0);
  });
});
