import { createRoute, z } from "@hono/zod-openapi";
import { expect, it } from "vitest";
import { rememberingLog } from "../log.testkit.ts";
import { testApi } from "./api.testkit.ts";
import { defineCapabilityRoute, defineRoute, openApiDocument } from "./api.ts";
import { capabilityDigest, newCapability } from "./capability.ts";

interface Deps {
  holders: Map<string, string>;
}

const responses = {
  200: { description: "ok", content: { "application/json": { schema: z.unknown() } } },
};
const params = z.object({ secret: z.string() });

const byCapability = defineCapabilityRoute<Deps>({
  parameter: "secret",
  holder: async (secret, { holders }) => {
    const userId = holders.get(secret);
    return userId === undefined ? undefined : { userId, admin: false };
  },
})(
  createRoute({ method: "get", path: "/v1/doors/{secret}/open", request: { params }, responses }),
  async (c) => c.json(c.get("principal"), 200),
);

const byToken = defineRoute<Deps>()(
  createRoute({ method: "get", path: "/v1/doors/{secret}", request: { params }, responses }),
  async (c) => c.json(c.get("principal"), 200),
);

function start() {
  const secret = newCapability();
  const { log, lines } = rememberingLog();
  const deps = { holders: new Map([[secret, "ann"]]) };
  return { secret, lines, ...testApi([byCapability, byToken], deps, { log }) };
}

it("lets its holder in without an authorizer, as the user whose it is", async () => {
  const { secret, call } = start();
  const answer = await call(`/v1/doors/${secret}/open`, { userId: null });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ userId: "ann", admin: false });
});

it("counts alone on its route: an authorizer's word neither helps nor changes who it is", async () => {
  const { secret, call } = start();
  const mine = await call(`/v1/doors/${secret}/open`, { userId: "eve", admin: "true" });
  expect(await mine.json()).toEqual({ userId: "ann", admin: false });
  const none = await call(`/v1/doors/${newCapability()}/open`, { userId: "eve" });
  expect(none.status).toBe(401);
});

it("opens no other route, method or path", async () => {
  const { secret, call } = start();
  for (const [path, method] of [
    [`/v1/doors/${secret}`, "GET"],
    [`/v1/doors/${secret}/open`, "DELETE"],
    [`/v1/doors/${secret}/open/more`, "GET"],
  ] as const) {
    expect([path, (await call(path, { method, userId: null })).status]).toEqual([path, 401]);
  }
});

it("is in no log line, on its route or beside it", async () => {
  const { secret, call, lines } = start();
  await call(`/v1/doors/${secret}/open`, { userId: null });
  await call(`/v1/doors/${secret}/shut`, { userId: null });
  await call(`/v1/doors/${secret}`);
  expect(lines.length).toBeGreaterThanOrEqual(3);
  expect(JSON.stringify(lines)).not.toContain(secret);
  expect(JSON.stringify(lines)).toContain("/v1/doors/cap_…/open");
});

it("is stored as a digest that tells nothing of it", () => {
  const secret = newCapability();
  expect(newCapability()).not.toBe(secret);
  expect(capabilityDigest(secret)).toMatch(/^[\w-]{43}$/);
  expect(capabilityDigest(secret)).not.toContain(secret.slice(4, 12));
});

it("takes the authorizer from its own route alone, in the OpenAPI document", () => {
  const { paths, security } = openApiDocument("doors", "", [byCapability, byToken]);
  expect(paths?.["/v1/doors/{secret}/open"]?.get?.security).toEqual([]);
  expect(paths?.["/v1/doors/{secret}"]?.get?.security).toBeUndefined();
  expect(security).toEqual([{ bearer: [] }]);
});

it("can't be forgotten: a route that declares itself public is refused", () => {
  const spec = createRoute({ method: "get", path: "/v1/x", security: [], responses });
  const open = defineRoute<Deps>()(spec, async (c) => c.json({}, 200));
  const { log } = rememberingLog();
  expect(() => testApi([open], { holders: new Map() }, { log })).toThrow("defineCapabilityRoute");
});
