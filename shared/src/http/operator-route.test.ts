import { createRoute, z } from "@hono/zod-openapi";
import { expect, it } from "vitest";
import { rememberingLog } from "../log.testkit.ts";
import type { RateLimiter } from "../rate-limit/limiter.ts";
import { testApi } from "./api.testkit.ts";
import { defineOperatorRoute, defineRoute, openApiDocument } from "./api.ts";
import type { IdempotencyStore } from "./idempotency.ts";

const ANN = "arn:aws:sts::123456789012:assumed-role/operators/ann";
const PATH = "/v1/doors/ops/locks";
const responses = {
  200: { description: "ok", content: { "application/json": { schema: z.unknown() } } },
};
const forOperators = defineOperatorRoute<object>()(
  createRoute({ method: "post", path: PATH, responses }),
  async (c) => c.json(c.get("principal"), 200),
);
const forUsers = defineRoute<object>()(
  createRoute({ method: "get", path: "/v1/doors", responses }),
  async (c) => c.json(c.get("principal"), 200),
);

function start(limiter?: RateLimiter) {
  const owners: string[] = [];
  const idempotency: IdempotencyStore = {
    begin: async ({ owner }) => {
      owners.push(owner);
      return { kind: "started" };
    },
    finish: async () => undefined,
    abandon: async () => undefined,
  };
  const { log } = rememberingLog();
  const api = testApi([forUsers, forOperators], {}, { log, idempotency, limiter });
  return { ...api, owners };
}

it("lets in whom IAM names, as an administrator, whatever the client writes into its headers", async () => {
  const { call } = start();
  const headers = { "x-user-arn": "arn:aws:iam::1:root" };
  const answer = await call(PATH, { method: "POST", userId: null, operator: ANN, headers });
  expect([answer.status, await answer.json()]).toEqual([200, { userId: ANN, admin: true }]);
});

it("is closed to a token, an administrator's too, and to a request that IAM did not see", async () => {
  const { call } = start();
  for (const caller of [{}, { admin: "true" }, { userId: null }, { operator: "" }]) {
    expect((await call(PATH, { method: "POST", ...caller })).status).toBe(401);
  }
});

it("is the only one that a signature opens", async () => {
  const { call } = start();
  expect((await call("/v1/doors", { userId: null, operator: ANN })).status).toBe(401);
  const both = await call("/v1/doors", { operator: ANN });
  expect(await both.json()).toEqual({ userId: "ann", admin: false });
});

it("counts requests and keeps answers by the ARN", async () => {
  const counted: string[] = [];
  const { call, owners } = start({
    admit: async (user) => {
      counted.push(user);
      return { admitted: true };
    },
  });
  const headers = { "Idempotency-Key": "k" };
  await call(PATH, { method: "POST", userId: null, operator: ANN, headers });
  expect([counted, owners]).toEqual([[ANN], [ANN]]);
});

it("has IAM's scheme in the OpenAPI document, which a document without such routes does not know", () => {
  const { paths, components } = openApiDocument("doors", "", [forUsers, forOperators]);
  expect(paths?.[PATH]?.post?.security).toEqual([{ sigv4: [] }]);
  expect(paths?.["/v1/doors"]?.get?.security).toBeUndefined();
  expect(components?.securitySchemes?.sigv4).toMatchObject({
    type: "apiKey",
    in: "header",
    name: "Authorization",
    "x-amazon-apigateway-authtype": "awsSigv4",
  });
  const plain = openApiDocument("doors", "", [forUsers]);
  expect(Object.keys(plain.components?.securitySchemes ?? {})).toEqual(["bearer"]);
});

it("can't be declared elsewhere than under /ops, nor anything else there, nor by its scheme alone", () => {
  const { log } = rememberingLog();
  const route = (define: typeof defineRoute<object>, path: string, security?: { sigv4: [] }[]) =>
    define()(createRoute({ method: "get", path, responses, security }), async (c) =>
      c.json({}, 200),
    );
  const elsewhere = route(defineOperatorRoute, "/v1/doors/locks");
  const open = route(defineRoute, PATH);
  const bySchemeAlone = route(defineRoute, PATH, [{ sigv4: [] }]);
  for (const misplaced of [elsewhere, open]) {
    expect(() => testApi([misplaced], {}, { log })).toThrow("are at /v1/<base>/ops/");
  }
  expect(() => testApi([bySchemeAlone], {}, { log })).toThrow("defineOperatorRoute");
});
