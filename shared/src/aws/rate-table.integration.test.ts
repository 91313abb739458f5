import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { applyTable } from "@shoebox/local/dynamodb/apply-table";
import { startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rememberingLog } from "../log.testkit.ts";
import { bucketsInMemory } from "../rate-limit/buckets.testkit.ts";
import { createRateLimiter } from "../rate-limit/limiter.ts";
import { createRateTable } from "./rate-table.ts";

const LIMIT = { rate: 100, burst: 200 };
/** What the bucket holds beside what leases may be spent ahead of. */
const CAPACITY = 100;
const NOON = Date.parse("2026-11-22T12:00:00.000Z");
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

let dataDir: string;
let local: Awaited<ReturnType<typeof startDynamoDb>>;
let client: DynamoDBDocumentClient;
let calls = 0;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "rates-"));
  local = await startDynamoDb({ dataDir, now: () => NOON });
  const plain = new DynamoDBClient({ endpoint: local.url, region: "us-east-1", credentials });
  await applyTable(plain, {
    TableName: "rates",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["PK", "SK"].map((AttributeName) => ({
      AttributeName,
      AttributeType: "S",
    })),
    KeySchema: [
      { AttributeName: "PK", KeyType: "HASH" },
      { AttributeName: "SK", KeyType: "RANGE" },
    ],
    TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
  });
  client = DynamoDBDocumentClient.from(plain);
  client.middlewareStack.add(
    (next) => (args) => {
      calls += 1;
      return next(args);
    },
    { step: "finalizeRequest", name: "calls" },
  );
});
afterAll(async () => {
  client.destroy();
  await local.close();
  await rm(dataDir, { recursive: true });
});

const table = () => createRateTable(client, "rates", LIMIT);
const granted = (answer: object) => ("granted" in answer ? (answer.granted as number) : 0);

describe("buckets in a table", () => {
  it("answer as those in memory do, whichever process asks", async () => {
    let user = 0;
    const asked = fc.array(
      fc.record({
        process: fc.nat(2),
        wanted: fc.integer({ min: 1, max: 20 }),
        pause: fc.oneof(fc.nat(60), fc.nat(1_500)),
      }),
      { minLength: 5, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(asked, async (schedule) => {
        user += 1;
        const model = bucketsInMemory(LIMIT);
        const processes = [table(), table(), table()];
        let now = NOON;
        for (const { process, wanted, pause } of schedule) {
          now += pause;
          const answer = await processes[process]?.lease(`model-${user}`, wanted, now);
          expect(answer).toEqual(await model.lease("ann", wanted, now));
        }
      }),
      { numRuns: 25 },
    );
  });

  it("grant what they hold and no more to many who ask at the same time", async () => {
    const processes = Array.from({ length: 30 }, table);
    const answers = await Promise.all(processes.map((one) => one.lease("eve", 7, NOON)));
    const sum = answers.map(granted).reduce((a, b) => a + b, 0);
    expect(sum).toBeLessThanOrEqual(CAPACITY);
    // Who met others a few times gives up for a moment, so a little may be left.
    expect(sum).toBeGreaterThan(CAPACITY - 7 * 4);
  });

  it("are gone by themselves when they are full again, an hour later", async () => {
    await table().lease("bob", 20, NOON);
    const { Item } = await client.send(
      new GetCommand({ TableName: "rates", Key: { PK: "rate#bob", SK: "bucket" } }),
    );
    expect(Item).toEqual({
      PK: "rate#bob",
      SK: "bucket",
      paidOffAt: NOON * 1_000 + 200_000,
      ttl: NOON / 1_000 + 1 + 3_600,
    });
  });

  it("cost one call a lease, and under a limiter one for twenty requests", async () => {
    const clock = { now: NOON };
    const limiter = createRateLimiter({ limit: LIMIT, buckets: table(), now: () => clock.now });
    const { log } = rememberingLog();
    const before = calls;
    for (let request = 0; request < 431; request++) {
      clock.now += 11;
      expect(await limiter.admit("cy", log)).toEqual({ admitted: true });
    }
    expect(calls - before).toBe(5 + 20);
  });

  it("that are not there let everybody through", async () => {
    const { log, lines } = rememberingLog();
    const nowhere = createRateTable(client, "nowhere", LIMIT);
    const limiter = createRateLimiter({ limit: LIMIT, buckets: nowhere });
    expect(await limiter.admit("ann", log)).toEqual({ admitted: true });
    expect(lines).toContainEqual(expect.objectContaining({ RateLimitUnavailable: 1 }));
  });
});
