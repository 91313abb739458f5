import { beforeAll, describe, expect, inject, it } from "vitest";
import { askForForm, type Form, request, signIn, type User } from "./client.ts";

const url = inject("url");
const FOREIGN = "https://evil.example";
let user: User;
let form: Form;

beforeAll(async () => {
  user = await signIn(url);
  form = await askForForm(user, { contentType: "image/jpeg", size: 1_000 });
});

const preflight = (address: string, origin: string, method: string, headers = "") =>
  request("OPTIONS", address, {
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": method,
      ...(headers && { "Access-Control-Request-Headers": headers }),
    },
  });
const allowed = (answer: { headers: Headers }, what: string) =>
  (answer.headers.get(`access-control-allow-${what}`) ?? "").toLowerCase().split(/\s*,\s*/);

const routes: [method: string, path: string, headers: string[]][] = [
  ["POST", "/v1/uploads", ["authorization", "content-type", "idempotency-key"]],
  ["GET", "/v1/uploads/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55", ["authorization"]],
  ["DELETE", "/v1/uploads/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55", ["authorization"]],
  ["GET", "/v1/images", ["authorization"]],
  ["GET", "/v1/images/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55", ["authorization", "if-none-match"]],
  [
    "PATCH",
    "/v1/images/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55",
    ["authorization", "content-type", "if-match"],
  ],
  ["DELETE", "/v1/images/019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55", ["authorization"]],
  ["GET", "/v1/processing/presets", ["authorization"]],
  ["GET", "/v1/search", ["authorization", "x-correlation-id"]],
];

describe("a browser page of the front door's origin", () => {
  it.each(routes)("may send %s %s with its headers", async (method, path, headers) => {
    const answer = await preflight(`${url}${path}`, url, method, headers.join(","));
    expect([200, 204]).toContain(answer.status);
    expect(allowed(answer, "origin")).toEqual([url]);
    expect(allowed(answer, "methods")).toContain(method.toLowerCase());
    expect(allowed(answer, "headers")).toEqual(expect.arrayContaining(headers));
  });

  it("may read the answer and the headers that clients need", async () => {
    const answer = await user.get("/v1/images", { Origin: url });
    expect(answer.headers.get("access-control-allow-origin")).toBe(url);
    const exposed = (answer.headers.get("access-control-expose-headers") ?? "").toLowerCase();
    for (const name of ["etag", "link", "location", "retry-after"]) expect(exposed).toContain(name);
  });

  it("may read refusals, also those of the gateway", async () => {
    const missing = await user.get("/v1/images/no-id", { Origin: url });
    expect(missing.headers.get("access-control-allow-origin")).toBe(url);
    const unauthorized = await request("GET", `${url}/v1/images`, { headers: { Origin: url } });
    expect(unauthorized.status).toBe(401);
    expect(unauthorized.headers.get("access-control-allow-origin")).toBe(url);
  });

  it("may send a form to the object store and read its answer", async () => {
    const answer = await preflight(form.url, url, "POST", "content-type");
    expect(answer.status).toBe(200);
    expect(allowed(answer, "origin")).toEqual([url]);
    expect(allowed(answer, "methods")).toContain("post");
    const sent = await fetch(form.url, {
      method: "POST",
      headers: { Origin: url },
      body: new FormData(),
    });
    await sent.text();
    expect(sent.headers.get("access-control-allow-origin")).toBe(url);
  });
});

describe("a page of another origin", () => {
  it.each(routes)("may not send %s %s", async (method, path, headers) => {
    const answer = await preflight(`${url}${path}`, FOREIGN, method, headers.join(","));
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("may not read an answer, neither of the API nor of the object store", async () => {
    const api = await user.get("/v1/images", { Origin: FOREIGN });
    expect(api.headers.get("access-control-allow-origin")).toBeNull();
    for (const origin of [FOREIGN, "null", `${url}.evil.example`, url.replace("http:", "https:")]) {
      const answer = await preflight(form.url, origin, "POST");
      expect(answer.status).toBe(403);
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    }
  });
});
