import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { applyTable } from "@shoebox/local/dynamodb/apply-table";
import { startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import type { SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createIdempotencyTable } from "../aws/idempotency-table.ts";
import { createReconciliationTable } from "../aws/reconciliation-table.ts";
import { testApi } from "../http/api.testkit.ts";
import { rememberingLog } from "../log.testkit.ts";
import { createReconciler } from "./reconciler.ts";
import { reconciliationRoutes } from "./routes.ts";

const ANN = "arn:aws:iam::123456789012:user/ann";
const PATH = "/v1/things/ops/reconciliations";

let close: () => Promise<void>;
let clock = Date.parse("2026-11-22T12:00:00Z");
let takesMs = 0;
const messages: unknown[] = [];
const repaired: unknown[] = [];
let call: ReturnType<typeof testApi>["call"];
/** Does what the queue was sent, as the service's function would. */
let work: () => Promise<void>;

beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "reconciliations-"));
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
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const { log } = rememberingLog();
  const reconciliations = createReconciliationTable(documents, "things");
  const now = () => clock;
  const reconcileQueue = {
    send: async (message: unknown) => {
      messages.push(message);
    },
  };
  ({ call } = testApi(
    reconciliationRoutes("/v1/things"),
    { reconciliations, reconcileQueue, now },
    { log, idempotency: createIdempotencyTable(documents, "things"), now },
  ));
  const numbers = Array.from({ length: 5 }, (_, n) => n + 1);
  const reconciler = createReconciler({
    checks: [
      {
        name: "number",
        async page(cursor) {
          clock += takesMs;
          const n = Number(cursor?.n ?? 0);
          const subject = { n: numbers[n] ?? 0 };
          const next = n + 1 < numbers.length ? { n: n + 1 } : undefined;
          return { looked: 1, findings: [{ subject, why: "it is a number" }], next };
        },
        async repair({ subject }) {
          repaired.push(subject.n);
          return true;
        },
      },
    ],
    store: reconciliations,
    log,
    now,
  });
  work = async () => {
    const attributes = { ApproximateReceiveCount: "1" };
    const Records = messages
      .splice(0)
      .map((message) => ({ messageId: "m", body: JSON.stringify(message), attributes }));
    const { batchItemFailures } = await reconciler({ Records: Records as SQSRecord[] });
    expect(batchItemFailures).toEqual([]);
  };
  close = async () => {
    client.destroy();
    await db.close();
    await rm(dataDir, { recursive: true });
  };
});
afterAll(() => close());

const asOperator = { userId: null, operator: ANN };
async function ask(body: object) {
  const answer = await call(PATH, { ...asOperator, body });
  const { reconciliationId = "" } = (await answer.json()) as { reconciliationId?: string };
  return { status: answer.status, location: answer.headers.get("location"), reconciliationId };
}
async function read(path: string) {
  const answer = await call(path, asOperator);
  return {
    status: answer.status,
    link: answer.headers.get("link"),
    body: (await answer.json()) as Record<string, unknown> & {
      items: { subject: { n: number }; repaired: boolean }[];
      nextCursor?: string;
    },
  };
}

describe("a reconciliation that an operator asks for", () => {
  it("is known at once, repairs nothing unless told to, and tells what it found page by page", async () => {
    const { status, location, reconciliationId } = await ask({});
    expect([status, location]).toEqual([202, `${PATH}/${reconciliationId}`]);
    const path = `${PATH}/${reconciliationId}`;
    expect((await read(path)).body).toMatchObject({
      reconciliationId,
      status: "asked",
      repair: false,
      askedBy: ANN,
      counts: {},
    });
    await work();
    expect((await read(path)).body).toMatchObject({
      status: "finished",
      counts: { number: { looked: 5, found: 5, repaired: 0, failed: 0 } },
    });
    expect(repaired).toEqual([]);
    const found: number[] = [];
    let next: string | undefined = `${path}/findings?limit=2`;
    while (next) {
      const page = await read(next);
      found.push(...page.body.items.map(({ subject }) => subject.n));
      const query: string | undefined = /^<(.*)>; rel="next"$/.exec(page.link ?? "")?.[1];
      expect(query === undefined).toBe(page.body.nextCursor === undefined);
      next = query && `${path}/findings${query}`;
    }
    expect(found).toEqual([1, 2, 3, 4, 5]);
  });

  it("repairs when it is told to", async () => {
    const { reconciliationId } = await ask({ repair: true });
    await work();
    expect(repaired).toEqual([1, 2, 3, 4, 5]);
    const { items } = (await read(`${PATH}/${reconciliationId}/findings`)).body;
    expect(items.every((line) => line.repaired)).toBe(true);
  });

  it("goes on when its time was up and it is asked for again, as it began; not when it has ended", async () => {
    takesMs = 400_000;
    const { reconciliationId } = await ask({ repair: true });
    await work();
    const path = `${PATH}/${reconciliationId}`;
    expect((await read(path)).body.status).toBe("paused");
    takesMs = 0;
    expect(await ask({ reconciliationId })).toMatchObject({ status: 202, reconciliationId });
    await work();
    expect((await read(path)).body).toMatchObject({ status: "finished", repair: true });
    expect((await ask({ reconciliationId })).status).toBe(409);
    expect(messages).toEqual([]);
  });

  it("is not the clock's, which can be read and not be asked for", async () => {
    expect((await ask({ reconciliationId: "scheduled" })).status).toBe(404);
    takesMs = 400_000;
    messages.push({ "detail-type": "Scheduled Event" });
    await work();
    takesMs = 0;
    const { body } = await read(`${PATH}/scheduled`);
    expect(body).toMatchObject({ repair: true, status: "paused" });
    expect(body.askedBy).toBeUndefined();
    expect((await ask({ reconciliationId: "scheduled" })).status).toBe(409);
    expect(messages).toEqual([]);
  });
});

it("what was never asked for is 404, and another reconciliation's cursor 400", async () => {
  for (const path of [`${PATH}/none`, `${PATH}/none/findings`]) {
    expect((await read(path)).status).toBe(404);
  }
  const [first, second] = [await ask({}), await ask({})];
  await work();
  const { nextCursor } = (await read(`${PATH}/${first.reconciliationId}/findings?limit=1`)).body;
  const path = `${PATH}/${second.reconciliationId}/findings`;
  expect((await read(`${path}?cursor=${nextCursor}`)).status).toBe(400);
});

it("nobody gets in by a token", async () => {
  expect((await call(PATH, { admin: "true", body: {} })).status).toBe(401);
  expect((await call(`${PATH}/scheduled`, { admin: "true" })).status).toBe(401);
});
