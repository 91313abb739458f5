import { beforeAll, describe, expect, inject, it } from "vitest";
import { askForForm, type Form, request, sendForm, signIn, type User } from "./client.ts";

const url = inject("url");
const origins = [url, inject("origin")];
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

const ID = "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55";
const ENDPOINT = "/v1/uploads/uppy/any-secret";
const routes: [method: string, path: string, headers: string[]][] = [
  ["POST", "/v1/uploads", ["authorization", "content-type", "idempotency-key"]],
  ["GET", `/v1/uploads/${ID}`, ["authorization"]],
  ["DELETE", `/v1/uploads/${ID}`, ["authorization"]],
  ["GET", "/v1/images", ["authorization"]],
  ["GET", `/v1/images/${ID}`, ["authorization", "if-none-match"]],
  ["PATCH", `/v1/images/${ID}`, ["authorization", "content-type", "if-match"]],
  ["DELETE", `/v1/images/${ID}`, ["authorization"]],
  ["POST", "/v1/uploads/uppy", ["authorization", "content-type"]],
  // Uppy 5 says what it sends, version 6 as well where it sends something.
  ["GET", `${ENDPOINT}/s3/params?filename=a.jpg&type=image%2Fjpeg`, ["content-type"]],
  ["POST", `${ENDPOINT}/s3/multipart`, ["content-type"]],
  ["GET", `${ENDPOINT}/s3/multipart/${ID}?key=a`, ["content-type"]],
  ["GET", `${ENDPOINT}/s3/multipart/${ID}/1?key=a`, ["content-type"]],
  ["GET", `${ENDPOINT}/s3/multipart/${ID}/batch?key=a&partNumbers=1`, ["content-type"]],
  ["POST", `${ENDPOINT}/s3/multipart/${ID}/complete?key=a`, ["content-type"]],
  ["DELETE", `${ENDPOINT}/s3/multipart/${ID}?key=a`, ["content-type"]],
  ["GET", "/v1/processing/presets", ["authorization"]],
  ["GET", "/v1/search", ["authorization", "x-correlation-id"]],
];

describe.each(origins)("a browser page of %s", (origin) => {
  it.each(routes)("may send %s %s with its headers", async (method, path, headers) => {
    const answer = await preflight(`${url}${path}`, origin, method, headers.join(","));
    expect([200, 204]).toContain(answer.status);
    expect(allowed(answer, "origin")).toEqual([origin]);
    expect(allowed(answer, "methods")).toContain(method.toLowerCase());
    expect(allowed(answer, "headers")).toEqual(expect.arrayContaining(headers));
  });

  it("may read the answer and the headers that clients need", async () => {
    const answer = await user.get("/v1/images", { Origin: origin });
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    const exposed = (answer.headers.get("access-control-expose-headers") ?? "").toLowerCase();
    for (const name of ["etag", "link", "location", "retry-after", "version-token"])
      expect(exposed).toContain(name);
  });

  it("may read refusals, also those of the gateway", async () => {
    const missing = await user.get("/v1/images/no-id", { Origin: origin });
    expect(missing.headers.get("access-control-allow-origin")).toBe(origin);
    const unauthorized = await request("GET", `${url}/v1/images`, { headers: { Origin: origin } });
    expect(unauthorized.status).toBe(401);
    // The gateway can't tell who asks; what it says of nobody may be read by all.
    expect(unauthorized.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("may send a form to the object store and read its answer", async () => {
    const answer = await preflight(form.url, origin, "POST", "content-type");
    expect(answer.status).toBe(200);
    expect(allowed(answer, "origin")).toEqual([origin]);
    expect(allowed(answer, "methods")).toContain("post");
    const sent = await fetch(form.url, {
      method: "POST",
      headers: { Origin: origin },
      body: new FormData(),
    });
    await sent.text();
    expect(sent.headers.get("access-control-allow-origin")).toBe(origin);
  });

  it("may send a part to the object store and read its ETag, and the form's Location", async () => {
    const answer = await preflight(form.url, origin, "PUT", "content-type,x-amz-checksum-sha256");
    expect(answer.status).toBe(200);
    expect(allowed(answer, "methods")).toContain("put");
    const sent = await sendForm(form, new Uint8Array(1_000), {}, { Origin: origin });
    expect(sent.status).toBe(201);
    for (const name of ["etag", "location"]) {
      expect(sent.headers.get("access-control-expose-headers")?.toLowerCase()).toContain(name);
      expect(sent.headers.get(name)).toBeTruthy();
    }
  });
});

describe("a page of another origin", () => {
  it.each(routes)("may not send %s %s", async (method, path, headers) => {
    const answer = await preflight(`${url}${path}`, FOREIGN, method, headers.join(","));
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("may not read an answer, neither of the API, Uppy's endpoint nor of the object store", async () => {
    const { body } = await user.call<{ endpoint: string }>("POST", "/v1/uploads/uppy");
    for (const path of ["/v1/images", `/v1/images/${ID}`, `${body.endpoint}/s3/multipart/${ID}`]) {
      const api = await user.get(path, { Origin: FOREIGN });
      expect(api.headers.get("access-control-allow-origin")).toBeNull();
    }
    for (const origin of [FOREIGN, "null", `${url}.evil.example`, url.replace("http:", "https:")]) {
      const answer = await preflight(form.url, origin, "POST");
      expect(answer.status).toBe(403);
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    }
  });
});
