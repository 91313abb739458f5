import { describe, expect, inject, it } from "vitest";
import { type Problem, request, signIn } from "./client.ts";
import { findExampleFaults } from "./examples.ts";

const url = inject("url");

interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<
    string,
    Record<
      string,
      { responses: Record<string, unknown>; summary?: string; security?: Record<string, unknown>[] }
    >
  >;
  components?: Record<string, Record<string, unknown>>;
}

interface AsyncApi {
  asyncapi: string;
  components: { messages: Record<string, object> };
}

const documents: Record<string, string[]> = {
  upload: ["POST /v1/uploads", "GET /v1/uploads/{imageId}", "DELETE /v1/uploads/{imageId}"],
  catalog: [
    "GET /v1/images",
    "GET /v1/images/{imageId}",
    "PATCH /v1/images/{imageId}",
    "DELETE /v1/images/{imageId}",
    "GET /v1/images/{imageId}/url",
  ],
  processing: ["GET /v1/processing/{imageId}", "GET /v1/processing/presets"],
  search: ["GET /v1/search"],
};

it("says that it is healthy, to everybody", async () => {
  const { status, body } = await request("GET", `${url}/healthz`);
  expect([status, body]).toEqual([200, { status: "ok" }]);
});

describe.each(Object.entries(documents))("/openapi/%s.json", (service, routes) => {
  const load = async () => (await request<OpenApi>("GET", `${url}/openapi/${service}.json`)).body;

  it("is OpenAPI 3.1 and describes every route with its answers", async () => {
    const { openapi, info, paths } = await load();
    expect(openapi).toMatch(/^3\.1\.\d+$/);
    expect(info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    const described = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described).toEqual(expect.arrayContaining(routes));
    for (const item of Object.values(paths)) {
      for (const operation of Object.values(item)) {
        expect(operation.summary).toMatch(/\S/);
        const statuses = Object.keys(operation.responses);
        expect(statuses).toEqual(expect.arrayContaining(["401"]));
        expect(statuses.some((status) => status.startsWith("2"))).toBe(true);
      }
    }
  });

  it("refers to nothing that it does not have", async () => {
    const document = await load();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
      ([, ref]) => ref,
    );
    for (const reference of references) {
      const path = reference?.replace(/^#\//, "").split("/") ?? [];
      const target = path.reduce<unknown>(
        (value, key) => (value as Record<string, unknown> | undefined)?.[key],
        document,
      );
      expect(target, reference).toBeDefined();
    }
  });

  it("shows every request, answer and problem by an example that its schema takes", async () => {
    expect(findExampleFaults(await load())).toEqual([]);
  });

  it("has a route for every path that it names, none of which asks for a token or a signature it does not check", async () => {
    const { paths } = await load();
    const admin = await signIn(url, undefined, true);
    for (const [path, item] of Object.entries(paths)) {
      for (const [method, { security }] of Object.entries(item)) {
        const forOperators = security?.some((scheme) => "sigv4" in scheme) ?? false;
        expect([path, forOperators]).toEqual([path, /^[/]v1[/]\w+[/]ops[/]/.test(path)]);
        const to = path.replace(/\{\w+\}/g, "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55");
        const { status } = await request(method.toUpperCase(), `${url}${to}`);
        // API Gateway does not tell an operators' route from none at all where nobody has signed.
        expect([method, path, status]).toEqual([method, path, forOperators ? 404 : 401]);
        if (!forOperators) continue;
        const byToken = await admin.call(method.toUpperCase(), to);
        expect([method, path, byToken.status]).toEqual([method, path, 403]);
      }
    }
  });
});

describe("/docs, / and /events", () => {
  it.each(["/docs", "/docs/", "/docs/events", "/", "/events"])(
    "%s is a page that loads nothing from elsewhere",
    async (path) => {
      const response = await fetch(`${url}${path}`);
      const page = await response.text();
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toContain("text/html");
      const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(
        ([, address = ""]) => address,
      );
      for (const address of loaded.filter((link) => !link.startsWith("data:"))) {
        const target = new URL(address, `${url}${path}`);
        expect(target.origin).toBe(url);
        const asset = await fetch(target);
        expect(asset.status, address).toBe(200);
        if (/\.(?:js|css)$/.test(target.pathname)) {
          const text = await asset.text();
          expect(text).not.toMatch(/@import|url\(\s*['"]?https?:|importScripts\(/);
        } else {
          await asset.arrayBuffer();
        }
      }
    },
  );

  it.each(["/", "/photos/x", "/events", "/docs", "/config.json"])(
    "HEAD %s is answered as GET is, without the body",
    async (path) => {
      const [head, get] = await Promise.all([
        fetch(`${url}${path}`, { method: "HEAD" }),
        fetch(`${url}${path}`),
      ]);
      const told = (response: Response) => [response.status, response.headers.get("content-type")];
      expect(told(head)).toEqual(told(get));
      expect([await head.text(), (await get.text()).length > 0]).toEqual(["", true]);
    },
  );

  it("the gallery has one origin, the one that the object store knows, and inline scripts nowhere", async () => {
    const { port } = new URL(url);
    const other = await fetch(`http://localhost:${port}/photos/x?tag=sea`, { redirect: "manual" });
    expect([other.status, other.headers.get("location")]).toEqual([307, `${url}/photos/x?tag=sea`]);
    const page = await fetch(`${url}/photos/x?tag=sea`);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'self';");
    expect(await page.text()).not.toMatch(/<script>|<style|javascript:/);
    expect(await (await fetch(`${url}/config.json`)).json()).toEqual({ signIn: "dev" });
  });

  it("shows all four documents", async () => {
    const page = await (await fetch(`${url}/docs`)).text();
    for (const service of Object.keys(documents))
      expect(page).toContain(`/openapi/${service}.json`);
  });

  it("shows every event of the AsyncAPI document, what it holds and who takes it", async () => {
    const { body } = await request<AsyncApi>("GET", `${url}/asyncapi.json`);
    expect(body.asyncapi).toBe("3.0.0");
    const page = await (await fetch(`${url}/docs/events`)).text();
    const names = Object.keys(body.components.messages);
    expect(names).toContain("ImageDeleted.v1");
    for (const name of names) expect(page).toContain(`<article id="${name}">`);
    const [deleted = ""] = page.split('<article id="ImageDeleted.v1">').slice(1);
    expect(deleted).toMatch(/Taken by: [^<]*upload[^<]*processing[^<]*search/);
    expect(deleted).toContain("<code>deletedAt</code></td><td>date-time</td>");
  });

  it("gives nothing from outside of its folder", async () => {
    for (const path of [
      "/docs/../package.json",
      "/docs/..%2fpackage.json",
      "/docs/swagger-ui.css%00.js",
      "/docs/nothing.js",
      "/openapi/nothing.json",
    ]) {
      expect((await fetch(`${url}${path}`)).status, path).toBe(404);
    }
  });
});

describe("/dev/schedules", () => {
  it("runs a declared schedule now", async () => {
    const answer = await request("POST", `${url}/dev/schedules/republish-tombstones`);
    expect([answer.status, answer.body]).toEqual([202, { schedule: "republish-tombstones" }]);
  });

  it("answers 404 to an unknown one, and names those there are", async () => {
    const { status, body } = await request<Problem>("POST", `${url}/dev/schedules/nothing`);
    expect(status).toBe(404);
    expect(body.detail).toContain("republish-tombstones");
  });
});

it("every answer says by which id it is found in the logs, and takes a client's correlation id", async () => {
  const user = await signIn(url);
  const { headers } = await user.get("/v1/images", { "X-Correlation-Id": "a-correlation-id" });
  expect(headers.get("x-correlation-id")).toBe("a-correlation-id");
  expect(headers.get("x-request-id")).toMatch(/^[\w-]{8,}$/);
  expect(headers.get("cache-control")).toBe("no-store");
});

it("the presets are what pictures are made into", async () => {
  const user = await signIn(url);
  const { body } = await user.get("/v1/processing/presets");
  expect(body).toMatchObject({
    items: expect.arrayContaining([{ name: "default", renditions: expect.any(Array) }]),
  });
});
