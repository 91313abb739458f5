import { createApi } from "@shoebox/shared/http/api";
import type { IdempotencyStore } from "@shoebox/shared/http/idempotency";
import { createLogger } from "@shoebox/shared/log";
import { expect, it } from "vitest";
import { document } from "./openapi.ts";
import { routes } from "./routes.ts";

/** No request of these tests reaches a store. */
const unused = async (): Promise<never> => {
  throw new Error("not called");
};
const idempotency: IdempotencyStore = { begin: unused, finish: unused, abandon: unused };
const api = createApi({
  routes,
  deps: {
    jobs: { find: unused, retry: unused },
    reconciliations: { ask: unused, find: unused, findings: unused },
    reconcileQueue: { send: unused },
    now: () => 0,
  },
  log: createLogger("processing", "silent"),
  corsOrigins: [],
  idempotency,
});

it("the presets are shown with what a client can expect of each rendition", async () => {
  const env = { requestContext: { requestId: "request-1", authorizer: { userId: "ann" } } };
  const response = await api.request("/v1/processing/presets", {}, env);
  expect(response.status).toBe(200);
  const { items } = (await response.json()) as { items: { name: string; renditions: unknown[] }[] };
  expect(items.map((preset) => preset.name)).toEqual(["default", "avif"]);
  expect(items[0]?.renditions).toEqual([
    { name: "thumb", format: "webp", width: 150, height: 150, fit: "cover" },
    { name: "small", format: "webp", width: 320, fit: "inside" },
    { name: "medium", format: "webp", width: 640, fit: "inside" },
    { name: "large", format: "webp", width: 1080, fit: "inside" },
    { name: "large", format: "jpeg", width: 1080, fit: "inside" },
  ]);
  expect(JSON.stringify(items[0])).not.toContain("avif");
});

it("the OpenAPI document has all routes with their problems", () => {
  const { paths } = document();
  expect(Object.keys(paths ?? {})).toEqual([
    "/v1/processing/presets",
    "/v1/processing/{imageId}",
    "/v1/processing/{imageId}/retry",
    "/v1/processing/ops/reconciliations",
    "/v1/processing/ops/reconciliations/{reconciliationId}",
    "/v1/processing/ops/reconciliations/{reconciliationId}/findings",
  ]);
  expect(Object.keys(paths?.["/v1/processing/{imageId}"]?.get?.responses ?? {})).toEqual([
    "200",
    "401",
    "404",
    "429",
    "500",
  ]);
  expect(Object.keys(paths?.["/v1/processing/{imageId}/retry"]?.post?.responses ?? {})).toEqual(
    expect.arrayContaining(["202", "404", "409", "422"]),
  );
});
