import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { createRoute, z } from "@hono/zod-openapi";
import { applyTable } from "@shoebox/local/dynamodb/apply-table";
import { type LocalDynamoDb, startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createIdempotencyTable } from "../aws/idempotency-table.ts";
import { AppError } from "../errors.ts";
import { rememberingLog } from "../log.testkit.ts";
import { testApi } from "./api.testkit.ts";
import { defineRoute } from "./api.ts";
import type { IdempotencyStore, StoredAnswer } from "./idempotency.ts";

const LEASE = 60_000;
const KEPT = 24 * 3_600_000;
const NOW = Date.parse("2026-11-22T12:00:00Z");
const TABLE = "keys";

/** The same rules as the table's, in memory. */
function memoryStore(): IdempotencyStore {
  const records = new Map<
    string,
    { fingerprint: string; expiresAt: number; answer?: StoredAnswer }
  >();
  const nameOf = (request: { owner: string; key: string }) =>
    JSON.stringify([request.owner, request.key]);
  return {
    async begin(request) {
      const before = records.get(nameOf(request));
      if (!before || before.expiresAt <= request.now) {
        const { fingerprint, now } = request;
        records.set(nameOf(request), { fingerprint, expiresAt: now + LEASE });
        return { kind: "started" };
      }
      if (before.fingerprint !== request.fingerprint) return { kind: "other-body" };
      return before.answer ? { kind: "answered", answer: before.answer } : { kind: "in-flight" };
    },
    async finish(request, answer, now) {
      const held = records.get(nameOf(request));
      if (held?.expiresAt !== request.startedAt + LEASE) return;
      records.set(nameOf(request), { ...held, answer, expiresAt: now + KEPT });
    },
    async abandon(request) {
      const held = records.get(nameOf(request));
      if (held?.expiresAt === request.startedAt + LEASE) records.delete(nameOf(request));
    },
  };
}

let dataDir: string;
let local: LocalDynamoDb;
let client: DynamoDBDocumentClient;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "shoebox-idempotency-"));
  local = await startDynamoDb({ dataDir, now: () => NOW });
  client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: local.url,
      region: "us-east-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    }),
  );
  await applyTable(client, {
    TableName: TABLE,
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
});
afterAll(async () => {
  client.destroy();
  await local.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** What one run of the handler comes to. */
type Outcome = () => Promise<"created" | "empty">;
const created: Outcome = async () => "created";

const makeThing = defineRoute<{
  run: () => Promise<"created" | "empty">;
  runs: { count: number };
}>()(
  createRoute({
    method: "post",
    path: "/v1/things",
    request: {
      body: {
        required: true,
        content: { "application/json": { schema: z.object({ name: z.string() }) } },
      },
    },
    responses: {
      201: { description: "made", content: { "application/json": { schema: z.unknown() } } },
      204: { description: "nothing to say" },
    },
  }),
  async (c, { run, runs }) => {
    runs.count += 1;
    if ((await run()) === "empty") return c.body(null, 204);
    const { name } = c.req.valid("json");
    return c.json({ name, run: runs.count }, 201, { Location: `/v1/things/${name}`, ETag: '"1"' });
  },
);

const stores = {
  memory: memoryStore,
  table: () => createIdempotencyTable(client, TABLE),
};
let keys = 0;

describe.each(["memory", "table"] as const)("Idempotency-Key over the %s", (kind) => {
  function start(...outcomes: Outcome[]) {
    const runs = { count: 0 };
    const clock = { now: NOW };
    const { log, lines } = rememberingLog();
    const store = stores[kind]();
    const run: Outcome = async () => (outcomes.shift() ?? created)();
    const deps = { runs, run };
    const { call } = testApi([makeThing], deps, { log, idempotency: store, now: () => clock.now });
    keys += 1;
    const key = `key-${keys}`;
    const post = (
      options: { key?: string | null; body?: unknown; userId?: string; path?: string } = {},
    ) =>
      call(options.path ?? "/v1/things", {
        body: options.body ?? { name: "a" },
        headers: options.key === null ? {} : { "idempotency-key": options.key ?? key },
        userId: options.userId,
      });
    return { post, runs, clock, key, lines, store };
  }

  it("runs a request once and gives the same answer again", async () => {
    const { post, runs } = start();
    const first = await post();
    const again = await post();
    expect([first.status, again.status, runs.count]).toEqual([201, 201, 1]);
    expect(await again.text()).toBe(await first.text());
    for (const name of ["content-type", "location", "etag", "idempotency-expires"]) {
      expect(again.headers.get(name)).toBe(first.headers.get(name));
    }
    expect([first, again].map((it) => it.headers.get("idempotency-replayed"))).toEqual([
      null,
      "true",
    ]);
    expect(again.headers.get("x-request-id")).toBe("request-1");
  });

  it("runs a request without a key each time", async () => {
    const { post, runs } = start();
    await post({ key: null });
    await post({ key: null });
    expect(runs.count).toBe(2);
  });

  it("runs exactly one of many at the same time; the others are told to wait, then get its answer", async () => {
    const gate = Promise.withResolvers<"created">();
    const { post, runs } = start(() => gate.promise);
    const waited = Promise.withResolvers<void>();
    let settled = 0;
    const answers = Array.from({ length: 8 }, async () => {
      const answer = await post();
      settled += 1;
      if (settled === 7) waited.resolve();
      return answer;
    });
    await waited.promise;
    gate.resolve("created");
    const statuses = (await Promise.all(answers)).map((answer) => answer.status).sort();
    expect(statuses).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    const early = (await Promise.all(answers)).find((answer) => answer.status === 409);
    expect(early?.headers.get("retry-after")).toBe("1");
    expect((await post()).status).toBe(201);
    expect(runs.count).toBe(1);
  });

  it("refuses the key with another body or another path", async () => {
    const { post, runs } = start();
    await post();
    const other = await post({ body: { name: "b" } });
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({
      type: "urn:shoebox:problem:idempotency-key-reused",
    });
    expect((await post({ path: "/v1/others" })).status).toBe(422);
    expect(runs.count).toBe(1);
  });

  it("takes the quoted and the bare form of a key for the same", async () => {
    const { post, runs, key } = start();
    await post({ key });
    await post({ key: `"${key}"` });
    await post({ key: ` "${key}" ` });
    expect(runs.count).toBe(1);
    await post({ key: `"${key}\\"\\\\"` });
    await post({ key: `${key}"\\` });
    expect(runs.count).toBe(2);
  });

  it.each(["", '""', "a b", "x".repeat(256), "café"])("refuses the key %j", async (key) => {
    const { post, runs } = start();
    expect((await post({ key })).status).toBe(400);
    expect(runs.count).toBe(0);
  });

  it("is each user's own", async () => {
    const { post, runs } = start();
    await post({ userId: "ann" });
    expect((await post({ userId: "bob", body: { name: "b" } })).status).toBe(201);
    expect(runs.count).toBe(2);
  });

  it("keeps a refusal: the same request is as wrong as before", async () => {
    const conflict: Outcome = async () => {
      throw new AppError("conflict", "Not now.");
    };
    const { post, runs } = start(conflict);
    const first = await post();
    const again = await post();
    expect([first.status, again.status, runs.count]).toEqual([409, 409, 1]);
    expect(await again.json()).toMatchObject({ type: "urn:shoebox:problem:conflict" });
    expect(again.headers.get("content-type")).toBe("application/problem+json");
    expect((await post({ key: `k${keys}`, body: { name: 1 } })).status).toBe(400);
    expect((await post({ key: `k${keys}`, body: { name: 1 } })).status).toBe(400);
  });

  it.each([
    ["an error of ours", new Error("the store is down"), 500],
    ["what is no Error", "text", 500],
    ["an outage", new AppError("unavailable", "Later."), 503],
    ["too many requests", new AppError("too-many-requests", "Slow down."), 429],
  ])("forgets %s, so that it can be tried again at once", async (_case, thrown, status) => {
    const { post, runs } = start(() => Promise.reject(thrown));
    expect((await post()).status).toBe(status);
    expect((await post()).status).toBe(201);
    expect(runs.count).toBe(2);
  });

  it("repeats an answer without a body", async () => {
    const { post, runs } = start(async () => "empty");
    expect([(await post()).status, (await post()).status, runs.count]).toEqual([204, 204, 1]);
  });

  it("lets a request be begun again when the first one died, after a minute", async () => {
    const { clock, store, key } = start();
    const request = { owner: "ann", key, fingerprint: "f" };
    expect(await store.begin({ ...request, now: clock.now })).toEqual({ kind: "started" });
    const before = await store.begin({ ...request, now: clock.now + LEASE - 1 });
    expect(before).toEqual({ kind: "in-flight" });
    const after = await store.begin({ ...request, now: clock.now + LEASE });
    expect(after).toEqual({ kind: "started" });
  });

  it("lets nobody whose lease has ended touch the record of who came after", async () => {
    const { store, key } = start();
    const request = { owner: "ann", key, fingerprint: "f" };
    const late = { owner: "ann", key, startedAt: NOW };
    const current = { ...late, startedAt: NOW + LEASE };
    const answer = (body: string) => ({ status: 201, body, headers: {} });
    await store.begin({ ...request, now: late.startedAt });
    await store.begin({ ...request, now: current.startedAt });
    await store.abandon(late);
    await store.finish(late, answer("late"), NOW + LEASE + 1);
    expect(await store.begin({ ...request, now: NOW + LEASE + 1 })).toEqual({ kind: "in-flight" });
    await store.finish(current, answer("current"), NOW + LEASE + 2);
    await store.abandon(late);
    await store.finish(late, answer("late"), NOW + LEASE + 3);
    expect(await store.begin({ ...request, now: NOW + LEASE + 4 })).toEqual({
      kind: "answered",
      answer: answer("current"),
    });
  });

  it("keeps an answer for a day, and says so", async () => {
    const { post, runs, clock } = start();
    const first = await post();
    expect(first.headers.get("idempotency-expires")).toBe("Mon, 23 Nov 2026 12:00:00 GMT");
    expect((await post({ key: null })).headers.get("idempotency-expires")).toBeNull();
    runs.count = 1;
    clock.now += KEPT - 1;
    await post();
    expect(runs.count).toBe(1);
    clock.now += 1;
    expect((await post({ body: { name: "b" } })).status).toBe(201);
    expect(runs.count).toBe(2);
  });
});

it("a store that fails after the work is done does not hide the answer", async () => {
  const { log, lines } = rememberingLog();
  const finish = () => Promise.reject(new Error("throttled"));
  const { call } = testApi(
    [makeThing],
    { runs: { count: 0 }, run: created },
    {
      log,
      idempotency: { ...memoryStore(), finish },
    },
  );
  const answer = await call("/v1/things", {
    body: { name: "a" },
    headers: { "idempotency-key": "k" },
  });
  expect(answer.status).toBe(201);
  expect(answer.headers.get("idempotency-expires")).toBeNull();
  expect(lines).toContainEqual(expect.objectContaining({ level: 50 }));
});

it("an answer of a megabyte fits into an item, which takes 400 KB", async () => {
  const store = createIdempotencyTable(client, TABLE);
  const request = { owner: "ann", key: "long", fingerprint: "f" };
  const answer = { status: 207, body: JSON.stringify("é".repeat(1e6)), headers: { etag: '"1"' } };
  await store.begin({ ...request, now: NOW });
  await store.finish({ ...request, startedAt: NOW }, answer, NOW);
  const again = await store.begin({ ...request, now: NOW + 1 });
  expect(again.kind === "answered" && again.answer).toEqual(answer);
});

it("a record is left to DynamoDB's TTL a day after it was begun", async () => {
  const store = createIdempotencyTable(client, TABLE);
  await store.begin({ owner: "ann", key: "ttl", fingerprint: "f", now: NOW });
  const Key = { PK: "idempotency#ann", SK: "key#ttl" };
  const { Item } = await client.send(new GetCommand({ TableName: TABLE, Key }));
  expect(Item).toMatchObject({ ttl: (NOW + KEPT) / 1000, expiresAt: NOW + LEASE });
});
