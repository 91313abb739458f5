import { createRoute, z } from "@hono/zod-openapi";
import { expect, it } from "vitest";
import { rememberingLog } from "../log.testkit.ts";
import { bucketsInMemory } from "../rate-limit/buckets.testkit.ts";
import { createRateLimiter } from "../rate-limit/limiter.ts";
import { testApi } from "./api.testkit.ts";
import { defineRoute } from "./api.ts";

const limit = { rate: 5, burst: 10 };
const clock = { now: 1_795_000_000_000 };
let looked = 0;
const look = defineRoute<undefined>()(
  createRoute({
    method: "get",
    path: "/v1/things",
    responses: {
      200: { description: "ok", content: { "application/json": { schema: z.unknown() } } },
    },
  }),
  async (c) => {
    looked += 1;
    return c.json({}, 200);
  },
);

it("a user above the limit is answered 429 and when to come again, and nobody else is", async () => {
  const { log, lines } = rememberingLog();
  const limiter = createRateLimiter({
    limit,
    buckets: bucketsInMemory(limit),
    now: () => clock.now,
  });
  const { call } = testApi([look], undefined, { log, limiter });
  const statuses: number[] = [];
  for (let request = 0; request < 30; request++) {
    statuses.push((await call("/v1/things", { userId: "eve" })).status);
  }
  const admitted = statuses.filter((status) => status === 200).length;
  expect(admitted).toBeGreaterThan(0);
  expect(admitted).toBeLessThanOrEqual(limit.burst);
  expect(new Set(statuses.slice(admitted))).toEqual(new Set([429]));
  // What is refused reaches no route.
  expect(looked).toBe(admitted);

  const refused = await call("/v1/things", { userId: "eve" });
  expect(refused.headers.get("Retry-After")).toBe("1");
  expect(refused.headers.get("content-type")).toBe("application/problem+json");
  expect(await refused.json()).toMatchObject({
    type: "urn:shoebox:problem:too-many-requests",
    status: 429,
  });
  expect(lines.filter((line) => line.RateLimited === 1)).toHaveLength(30 - admitted + 1);
  expect(JSON.stringify(lines.filter((line) => "_aws" in line))).not.toContain('"eve"');

  expect((await call("/v1/things", { userId: "ann" })).status).toBe(200);
  clock.now += Number(refused.headers.get("Retry-After")) * 1_000;
  expect((await call("/v1/things", { userId: "eve" })).status).toBe(200);
});

it("who is nobody is refused before anything is counted", async () => {
  const buckets = bucketsInMemory(limit);
  const limiter = createRateLimiter({ limit, buckets });
  const { call } = testApi([look], undefined, { log: rememberingLog().log, limiter });
  expect((await call("/v1/things", { userId: null })).status).toBe(401);
  expect(buckets.calls).toBe(0);
});
