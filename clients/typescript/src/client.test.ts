import { afterEach, describe, expect, it } from "vitest";
import { type ClientOptions, createClient } from "./client.ts";
import { changeImages, deleteImage, getImage, listImages, updateImage } from "./images.ts";
import { searchImages } from "./search.ts";
import { type Reply, startServer } from "./server.testkit.ts";
import { ShoeboxError } from "./shoebox-error.ts";

type Server = Awaited<ReturnType<typeof startServer>>;
let server: Server;
afterEach(() => server.close());

const quick = { attempts: 3, firstDelay: 1 };

/** A client of a server that gives these answers, one after the other, and the last one for ever. */
async function clientOf(replies: Reply[], options: Partial<ClientOptions> = {}) {
  server = await startServer((_, count) => replies[Math.min(count, replies.length) - 1] ?? {});
  return createClient({ url: server.url, token: "t-1", retry: quick, ...options });
}

const notFound = {
  type: "urn:shoebox:problem:not-found",
  title: "Not found",
  status: 404,
  detail: "There is no such image.",
  requestId: "r-1",
};

describe("a request", () => {
  it("carries the token and asks for what was meant", async () => {
    const client = await clientOf([{ body: { imageId: "i-1", version: 3 } }]);
    const image = await updateImage(client, "i-1", { caption: "x" }, { ifVersion: 2 });
    expect(image.version).toBe(3);
    const [request] = server.received;
    const { method, path, headers, body } = request ?? {};
    expect([method, path, body?.toString()]).toEqual([
      "PATCH",
      "/v1/images/i-1",
      '{"caption":"x"}',
    ]);
    expect(headers).toMatchObject({ authorization: "Bearer t-1", "if-match": '"2"' });
    expect(headers).not.toHaveProperty("idempotency-key");
  });

  it("of kind POST has a key, the same for all of its attempts and another for the next", async () => {
    const client = await clientOf([
      { breaks: true },
      { status: 503, headers: { "Retry-After": "0" } },
      { status: 207, body: { results: [] } },
    ]);
    await changeImages(client, ["i-1"], { action: "delete" });
    await changeImages(client, ["i-1"], { action: "delete" });
    const keys = server.received.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toHaveLength(4);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(keys.slice(0, 3)).size).toBe(1);
    expect(keys[3]).not.toBe(keys[0]);
    const bodies = new Set(server.received.map(({ body }) => body.toString()));
    expect([...bodies]).toEqual(['{"imageIds":["i-1"],"action":"delete"}']);
  });

  it("keeps a key that it was given, and takes none where the answer is a secret", async () => {
    const client = await clientOf([{ status: 201, body: {} }]);
    const params = { header: { "idempotency-key": "mine" } };
    const body = { imageIds: ["i-1"], action: "delete" as const };
    await client.api.POST("/v1/images/batch", { params, body });
    await client.api.POST("/v1/uploads/uppy", {});
    const keys = server.received.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toEqual(["mine", undefined]);
  });

  it("is tried again while the same one is still being answered", async () => {
    const inFlight = { ...notFound, type: "urn:shoebox:problem:in-flight", status: 409 };
    const client = await clientOf([
      { status: 409, headers: { "Retry-After": "0" }, body: inFlight },
      { status: 207, body: { results: [] } },
    ]);
    expect(await changeImages(client, ["i-1"], { action: "delete" })).toEqual([]);
  });

  it("is not tried again when it was refused, and the refusal is told", async () => {
    const problem = {
      ...notFound,
      type: "urn:shoebox:problem:quota-exceeded",
      status: 409,
      errors: [{ field: "size", message: "too much" }],
      quota: { images: { used: 1, limit: 1 } },
    };
    const client = await clientOf([{ status: 409, body: problem }]);
    const error: unknown = await getImage(client, "i-1").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ShoeboxError);
    expect(error).toMatchObject({
      name: "ShoeboxError",
      message: "There is no such image.",
      status: 409,
      type: "urn:shoebox:problem:quota-exceeded",
      code: "quota-exceeded",
      requestId: "r-1",
      errors: problem.errors,
      problem: { quota: problem.quota },
    });
    expect(server.received).toHaveLength(1);
  });

  it("fails after the last attempt, with the last answer", async () => {
    const client = await clientOf([{ status: 502, body: "<html>Bad gateway</html>" }]);
    await expect(getImage(client, "i-1")).rejects.toMatchObject({ status: 502, code: "http-502" });
    expect(server.received).toHaveLength(3);
  });

  it("fails at once when it would have to wait too long, and says how long", async () => {
    const client = await clientOf([{ status: 429, headers: { "Retry-After": "3600" } }]);
    await expect(getImage(client, "i-1")).rejects.toMatchObject({ status: 429, retryAfter: 3600 });
    expect(server.received).toHaveLength(1);
  });

  it("without an answer says so", async () => {
    const client = await clientOf([{ breaks: true }]);
    const error = await getImage(client, "i-1").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 0, code: "no-answer" });
    expect((error as Error).message).toBe(`No answer from ${new URL(server.url).host}.`);
    expect(server.received).toHaveLength(3);
  });

  it("that is called off ends with the signal's reason, also while it waits to try again", async () => {
    const controller = new AbortController();
    const client = await clientOf([{ status: 503, headers: { "Retry-After": "20" } }]);
    const asking = getImage(client, "i-1", { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(asking).rejects.toThrow("enough");
  });
});

describe("the token", () => {
  it("is asked for each time", async () => {
    let count = 0;
    const token = async () => `t-${++count}`;
    const client = await clientOf([{ body: {} }], { token });
    await getImage(client, "i-1");
    await getImage(client, "i-1");
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer t-1",
      "Bearer t-2",
    ]);
  });

  it("is asked for once more when it was refused, and not again", async () => {
    const tokens = ["old", "new", "newer"];
    const token = () => tokens.shift() ?? "none";
    const refused = { status: 401, body: { ...notFound, status: 401 } };
    const client = await clientOf([refused, { body: { imageId: "i-1" } }], { token });
    expect(await getImage(client, "i-1")).toEqual({ imageId: "i-1" });
    await server.close();
    const other = await clientOf([refused], { token: () => `t-${tokens.push("x")}` });
    await expect(getImage(other, "i-1")).rejects.toMatchObject({ status: 401 });
    expect(server.received).toHaveLength(2);
  });
});

describe("a list", () => {
  it("goes on by its cursor until there is none, and asks for no page that nobody reads", async () => {
    const client = await clientOf([
      { body: { items: [{ imageId: "a" }, { imageId: "b" }], nextCursor: "c/1" } },
      { body: { items: [], nextCursor: "c/2" } },
      { body: { items: [{ imageId: "c" }] } },
    ]);
    const ids: string[] = [];
    for await (const { imageId } of listImages(client, { tag: "sea", limit: 2 })) ids.push(imageId);
    expect(ids).toEqual(["a", "b", "c"]);
    expect(server.received.map(({ path }) => path)).toEqual([
      "/v1/images?tag=sea&limit=2",
      "/v1/images?tag=sea&limit=2&cursor=c%2F1",
      "/v1/images?tag=sea&limit=2&cursor=c%2F2",
    ]);
    await server.close();
    const other = await clientOf([{ body: { items: [{ imageId: "a" }], nextCursor: "c/1" } }]);
    for await (const _ of listImages(other)) break;
    expect(server.received).toHaveLength(1);
  });

  it("of a search repeats tags, and waits for a version on its first page alone", async () => {
    const client = await clientOf([
      { body: { items: [], total: 0, nextCursor: "c" } },
      { body: { items: [], total: 0 } },
    ]);
    for await (const _ of searchImages(client, { tag: ["a", "b"], after: ["v"], wait: 5 }));
    expect(server.received.map(({ path }) => path)).toEqual([
      "/v1/search?tag=a&tag=b&after=v&wait=5",
      "/v1/search?tag=a&tag=b&cursor=c",
    ]);
  });
});

it("to delete what is not there is no error", async () => {
  const client = await clientOf([{ status: 204 }, { status: 404, body: notFound }]);
  expect(await deleteImage(client, "i-1")).toBe(true);
  expect(await deleteImage(client, "i-1")).toBe(false);
});
