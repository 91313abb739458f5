import { createRoute, z } from "@hono/zod-openapi";
import { describe, expect, it } from "vitest";
import { AppError } from "../errors.ts";
import { rememberingLog } from "../log.testkit.ts";
import { ORIGIN, testApi } from "./api.testkit.ts";
import { createApi, defineRoute, openApiDocument } from "./api.ts";
import { problems } from "./problem-responses.ts";

interface Deps {
  store: Map<string, string>;
}

const json = <S extends z.ZodType>(schema: S) => ({ content: { "application/json": { schema } } });
const ok = { 200: { description: "ok", ...json(z.unknown()) } };

const getNote = defineRoute<Deps>()(
  createRoute({
    method: "get",
    path: "/v1/notes/{id}",
    request: {
      params: z.object({ id: z.string() }),
      query: z.object({ limit: z.coerce.number().max(100).optional() }).strict(),
    },
    responses: { ...ok, ...problems("not-found") },
  }),
  async (c, { store }) => {
    const text = store.get(c.req.valid("param").id);
    if (text === undefined) throw new AppError("not-found", "There is no such note.");
    if (text === "throw") throw new Error("hunter2 leaked");
    // Not an Error on purpose: libraries throw such things.
    if (text === "throw-text") throw "hunter2";
    if (text === "busy") {
      throw new AppError("too-many-requests", "Wait.", { headers: { "Retry-After": "7" } });
    }
    const { userId, admin } = c.get("principal");
    return c.json({ text, userId, admin, correlationId: c.get("correlationId") }, 200);
  },
);

const deleteNote = defineRoute<Deps>()(
  createRoute({
    method: "delete",
    path: "/v1/notes/{id}",
    request: {
      params: z.object({ id: z.string() }),
      body: { required: true, ...json(z.object({ why: z.object({ code: z.number() }).strict() })) },
    },
    responses: { 204: { description: "gone" } },
  }),
  async (c) => c.body(null, 204),
);

function start() {
  const store = new Map([
    ["1", "hello"],
    ["2", "throw"],
    ["3", "throw-text"],
    ["4", "busy"],
    ["ä/b", "slashed"],
  ]);
  const { log, lines } = rememberingLog();
  return { ...testApi([getNote, deleteNote], { store }, { log }), lines };
}

const problem = async (response: Response) => {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  return (await response.json()) as Record<string, unknown>;
};

describe("identity", () => {
  it("is the authorizer's word", async () => {
    const { call } = start();
    const asAnn = await call("/v1/notes/1", { headers: { "x-user-id": "eve" } });
    expect(await asAnn.json()).toMatchObject({ userId: "ann", admin: false });
    const asAdmin = await call("/v1/notes/1", { userId: "root", admin: "true" });
    expect(await asAdmin.json()).toMatchObject({ userId: "root", admin: true });
    const asLiar = await call("/v1/notes/1", { admin: "TRUE" });
    expect(await asLiar.json()).toMatchObject({ admin: false });
  });

  it.each(["/v1/notes/1", "/nowhere"])("is needed for %s, HEAD included", async (path) => {
    const { call } = start();
    for (const userId of [null, ""]) {
      const refused = await call(path, { userId });
      expect(refused.status).toBe(401);
      expect(await problem(refused)).toMatchObject({ requestId: "request-1" });
      expect((await call(path, { userId, method: "HEAD" })).status).toBe(401);
    }
  });
});

describe("ids", () => {
  it("of API Gateway's request are in every answer, in the log, and correlate by default", async () => {
    const { call, lines } = start();
    const answer = await call("/v1/notes/1", { requestId: "gateway-7" });
    expect(answer.headers.get("x-request-id")).toBe("gateway-7");
    expect(answer.headers.get("x-correlation-id")).toBe("gateway-7");
    expect(lines.at(-1)).toMatchObject({
      msg: "answered",
      requestId: "gateway-7",
      correlationId: "gateway-7",
      method: "GET",
      path: "/v1/notes/1",
      status: 200,
    });
  });

  it.each(["client_id-1", "a".repeat(64)])("accept the correlation id %s", async (wanted) => {
    const { call } = start();
    const answer = await call("/v1/notes/1", { headers: { "x-correlation-id": wanted } });
    expect(answer.headers.get("x-correlation-id")).toBe(wanted);
    expect(await answer.json()).toMatchObject({ correlationId: wanted });
  });

  it.each(["short", "a".repeat(65), "a b c d e f", "<script>1", "ids,in,a,list"])(
    "do not take over %j as a correlation id",
    async (wanted) => {
      const { call } = start();
      const answer = await call("/v1/notes/1", { headers: { "x-correlation-id": wanted } });
      expect(answer.headers.get("x-correlation-id")).toBe("request-1");
    },
  );

  it("are in problems of every kind", async () => {
    const { call } = start();
    const large = { method: "DELETE", body: "x".repeat(1_048_577) };
    for (const answer of [
      await call("/v1/notes/9"),
      await call("/v1/notes/2"),
      await call("/v1/notes/1", large),
      await call("/v1/notes/1?x=1"),
    ]) {
      expect(answer.headers.get("x-request-id")).toBe("request-1");
      expect(await problem(answer)).toMatchObject({ requestId: "request-1" });
    }
  });
});

describe("a request that is not valid", () => {
  it("is told which fields are wrong and which are not known", async () => {
    const { call } = start();
    const body = { why: { code: "1", extra: 1 } };
    const answer = await call("/v1/notes/1", { method: "DELETE", body });
    expect(answer.status).toBe(400);
    expect(await problem(answer)).toMatchObject({
      type: "urn:shoebox:problem:invalid-request",
      errors: [
        { field: "why.code", message: expect.any(String) },
        { field: "why.extra", message: "is not a known field" },
      ],
    });
  });

  it("is told of query parameters that are not known", async () => {
    const { call } = start();
    const answer = await call("/v1/notes/1?limit=101&sort=up");
    const { errors } = await problem(answer);
    expect(errors).toEqual([
      { field: "limit", message: expect.any(String) },
      { field: "sort", message: "is not a known field" },
    ]);
  });

  it.each([
    ["malformed JSON", '{"why":', undefined, 400, "malformed-json"],
    ["an empty body", "", "application/json", 400, "malformed-json"],
    ["no object", "[]", undefined, 400, "invalid-request"],
    ["another media type", "why=1", "text/plain", 415, "unsupported-media-type"],
    ["too many bytes", "x".repeat(1_048_577), undefined, 413, "payload-too-large"],
  ])("for %s", async (_case, body, contentType, status, type) => {
    const { call } = start();
    const headers = { "content-type": contentType ?? "application/json" };
    const answer = await call("/v1/notes/1", { method: "DELETE", body, headers });
    expect(answer.status).toBe(status);
    expect(await problem(answer)).toMatchObject({ type: `urn:shoebox:problem:${type}`, status });
  });

  it("may have a body of exactly 1 MiB, streamed or not", async () => {
    const { call, api } = start();
    const body = JSON.stringify({ why: { code: 1 } }).padEnd(1_048_576);
    expect((await call("/v1/notes/1", { method: "DELETE", body })).status).toBe(204);
    const streamed = (text: string) =>
      api.request(
        "/v1/notes/1",
        {
          method: "DELETE",
          body: new Blob([text]).stream(),
          duplex: "half",
          headers: { "content-type": "application/json" },
        } as RequestInit,
        { requestContext: { requestId: "r", authorizer: { userId: "ann" } } },
      );
    expect((await streamed(body)).status).toBe(204);
    expect((await streamed(`${body} `)).status).toBe(413);
  });

  it("is a 404 when there is no such route or method", async () => {
    const { call } = start();
    for (const [path, method] of [
      ["/v1/nowhere", "GET"],
      ["/v1/notes/1", "PUT"],
      ["/v1/notes/1/", "GET"],
    ] as const) {
      const answer = await call(path, { method });
      expect(answer.status).toBe(404);
      expect(await problem(answer)).toMatchObject({ type: "urn:shoebox:problem:not-found" });
    }
  });

  it("may be percent-encoded in any way, also a wrong one", async () => {
    const { call } = start();
    expect((await call("/v1/notes/%C3%A4%2Fb")).status).toBe(200);
    expect((await call("/v1/notes/%ff%")).status).toBe(404);
  });
});

describe("an error", () => {
  it.each(["/v1/notes/2", "/v1/notes/3"])(
    "that is ours tells the log all, not the client (%s)",
    async (path) => {
      const { call, lines } = start();
      const answer = await call(path);
      expect(answer.status).toBe(500);
      const text = await answer.text();
      expect(JSON.parse(text)).toMatchObject({ type: "urn:shoebox:problem:internal" });
      expect(text).not.toContain("hunter2");
      const logged = lines.find((line) => line.msg === "a request failed");
      expect(JSON.stringify(logged)).toContain("hunter2");
      expect(logged).toMatchObject({ requestId: "request-1", level: 50 });
    },
  );

  it("brings its headers, such as Retry-After", async () => {
    const { call, lines } = start();
    const answer = await call("/v1/notes/4");
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("7");
    expect(lines.map((line) => line.msg)).not.toContain("a request failed");
  });
});

describe("answers", () => {
  it("are never stored on the way, problems neither", async () => {
    const { call } = start();
    for (const path of ["/v1/notes/1", "/v1/notes/2", "/v1/notes/9", "/nowhere"]) {
      expect((await call(path)).headers.get("cache-control")).toBe("no-store");
    }
  });

  it("can be read by pages of exactly the configured origins, problems too", async () => {
    const { call } = start();
    const allowed = async (origin: string, path: string) =>
      (await call(path, { headers: { origin } })).headers.get("access-control-allow-origin");
    for (const path of ["/v1/notes/1", "/v1/notes/2", "/nowhere"]) {
      expect(await allowed(ORIGIN, path)).toBe(ORIGIN);
      for (const foreign of [
        "https://web.example.evil.org",
        "http://web.example",
        "https://web.example:444",
        "https://sub.web.example",
        "null",
      ]) {
        expect(await allowed(foreign, path)).toBeNull();
      }
    }
    const answer = await call("/v1/notes/1", { headers: { origin: ORIGIN } });
    expect(answer.headers.get("vary")).toMatch(/origin/i);
    expect(answer.headers.get("access-control-expose-headers")).toMatch(
      /Retry-After,Version-Token/,
    );
    expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
  });

  it("to a preflight need no token, and allow what the API understands", async () => {
    const { call } = start();
    const preflight = (origin: string) =>
      call("/v1/notes/1", {
        method: "OPTIONS",
        userId: null,
        headers: { origin, "access-control-request-method": "DELETE" },
      });
    const answer = await preflight(ORIGIN);
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(answer.headers.get("access-control-allow-methods")).toBe("GET,POST,PATCH,DELETE");
    expect(answer.headers.get("access-control-allow-headers")).toContain("Idempotency-Key");
    expect(
      (await preflight("https://evil.example")).headers.has("access-control-allow-origin"),
    ).toBe(false);
  });
});

describe("an API", () => {
  it("with a POST can't be made without an idempotency store", () => {
    const post = defineRoute<undefined>()(
      createRoute({ method: "post", path: "/x", responses: ok }),
      async (c) => c.json({}, 200),
    );
    const { log } = rememberingLog();
    expect(() => createApi({ routes: [post], deps: undefined, log, corsOrigins: [] })).toThrow(
      /idempotency/,
    );
  });

  it("describes its routes in OpenAPI 3.1 without running", () => {
    const document = openApiDocument("Notes", "Notes.", [getNote, deleteNote]);
    expect(Object.keys(document.paths ?? {})).toEqual(["/v1/notes/{id}"]);
    expect(document).toMatchObject({ openapi: "3.1.0", security: [{ bearer: [] }] });
  });
});
