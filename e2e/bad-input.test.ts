import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import {
  type Answer,
  askForForm,
  type Image,
  type Page,
  type Problem,
  sendForm,
  signIn,
  type User,
  upload,
} from "./client.ts";
import { type Facts, listenToFacts } from "./facts.ts";
import { smallPicture } from "./pictures.ts";

const url = inject("url");
const unknownId = "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55";
let facts: Facts;
let user: User;
let imageId: string;
let bytes: Buffer;

beforeAll(async () => {
  facts = await listenToFacts(url);
  user = await signIn(url);
  bytes = await smallPicture(77);
  imageId = await upload(user, bytes, { contentType: "image/jpeg", tags: ["first"] });
  await facts.status(imageId, "ready");
});
afterAll(() => facts.close());

function expectProblem(answer: Answer<Problem>, status: number, field?: string): void {
  expect(answer.body).toMatchObject({ status });
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const { type, title, detail, requestId, errors } = answer.body;
  expect(type).toMatch(/^urn:shoebox:problem:[a-z-]+$/);
  for (const text of [title, detail, requestId]) expect(text).toMatch(/\S/);
  if (field !== undefined) expect(errors?.map((error) => error.field)).toContain(field);
  for (const error of errors ?? []) expect(error.message).toMatch(/\S/);
}

const picture = { contentType: "image/jpeg", size: 1000 };

describe("POST /v1/uploads", () => {
  it.each<[why: string, status: number, field: string | undefined, body: unknown]>([
    ["another type", 415, "contentType", { ...picture, contentType: "image/gif" }],
    ["a type that is HTML", 415, "contentType", { ...picture, contentType: "text/html" }],
    ["a type with parameters", 415, "contentType", { ...picture, contentType: "image/jpeg;x=y" }],
    ["no type", 400, "contentType", { size: 1000 }],
    ["a type that is no text", 400, "contentType", { ...picture, contentType: 5 }],
    ["no size", 400, "size", { contentType: "image/jpeg" }],
    ["size 0", 400, "size", { ...picture, size: 0 }],
    ["a negative size", 400, "size", { ...picture, size: -5 }],
    ["half a byte", 400, "size", { ...picture, size: 10.5 }],
    ["a size as text", 400, "size", { ...picture, size: "1000" }],
    ["a size beyond numbers", 400, "size", { ...picture, size: 1e300 }],
    ["more than an upload may have", 413, "size", { ...picture, size: 600 * 1024 * 1024 }],
    ["an unknown field", 400, "ownerId", { ...picture, ownerId: "ann" }],
    ["a prototype", 400, undefined, '{"contentType":"image/jpeg","size":9,"__proto__":{"a":1}}'],
    ["a tag with a blank", 400, "tags.0", { ...picture, tags: ["two words"] }],
    ["an empty tag", 400, "tags.1", { ...picture, tags: ["a", " "] }],
    ["a tag of 65 characters", 400, "tags.0", { ...picture, tags: ["x".repeat(65)] }],
    ["a tag with a slash", 400, "tags.0", { ...picture, tags: ["a/b"] }],
    ["a tag with a hash", 400, "tags.0", { ...picture, tags: ["a#b"] }],
    ["31 tags", 400, "tags", { ...picture, tags: Array.from({ length: 31 }, (_, n) => `t${n}`) }],
    ["tags as text", 400, "tags", { ...picture, tags: "sea" }],
    ["a caption that is too long", 400, "caption", { ...picture, caption: "x".repeat(2_001) }],
    ["a caption that is a list", 400, "caption", { ...picture, caption: [] }],
    ["an empty file name", 400, "fileName", { ...picture, fileName: "" }],
    ["an unknown visibility", 400, "visibility", { ...picture, visibility: "friends" }],
    ["a date that is none", 400, "takenAt", { ...picture, takenAt: "yesterday" }],
    ["a date without zone", 400, "takenAt", { ...picture, takenAt: "2026-01-01T10:00:00" }],
    ["a 30th of February", 400, "takenAt", { ...picture, takenAt: "2026-02-30T10:00:00Z" }],
    ["a checksum that is none", 400, "sha256", { ...picture, sha256: "1234" }],
    ["a list", 400, undefined, [picture]],
    ["null", 400, undefined, null],
    ["text", 400, undefined, '"picture"'],
    ["malformed JSON", 400, undefined, '{"contentType":'],
    ["JSON with a comma too much", 400, undefined, '{"size":1,}'],
    ["an empty body", 400, undefined, ""],
  ])("answers %s with %i", async (_, status, field, body) => {
    expectProblem(await user.call("POST", "/v1/uploads", { body }), status, field);
  });

  it("answers 415 to a body that does not say it is JSON", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const answer = await user.call<Problem>("POST", "/v1/uploads", {
        body: JSON.stringify(picture),
        headers: { "Content-Type": type },
      });
      expectProblem(answer, 415);
    }
  });

  it("answers 413 to a body of 2 MB and of 12 MB", async () => {
    for (const megabytes of [2, 12]) {
      const body = { ...picture, caption: "x".repeat(megabytes * 1024 * 1024) };
      expectProblem(await user.call("POST", "/v1/uploads", { body }), 413);
    }
  });

  it("answers 400 to an Idempotency-Key that is too long or empty", async () => {
    for (const key of ["k".repeat(256), ""]) {
      const answer = await user.call<Problem>("POST", "/v1/uploads", {
        body: picture,
        headers: { "Idempotency-Key": key },
      });
      expectProblem(answer, 400, "Idempotency-Key");
    }
  });

  it("takes the largest size and every field at its limit", async () => {
    const body = {
      contentType: "image/webp",
      size: 104_857_600,
      tags: Array.from({ length: 30 }, (_, n) => `${n}${"ä".repeat(62)}`),
      caption: "x".repeat(2_000),
      fileName: `${"n".repeat(251)}.jpg`,
    };
    expect((await user.call("POST", "/v1/uploads", { body })).status).toBe(201);
  });
});

describe("what S3 refuses", () => {
  const send = async (
    sent: Uint8Array,
    changed: Record<string, string> = {},
    announced: object = {},
  ): Promise<[number, string]> => {
    const form = await askForForm(user, {
      contentType: "image/jpeg",
      size: bytes.length,
      ...announced,
    });
    const { status, body } = await sendForm(form, sent, changed);
    expect((await user.get<{ status: string }>(`/v1/uploads/${form.imageId}`)).body.status).toBe(
      "awaiting",
    );
    return [status, /<Code>(\w+)<\/Code>/.exec(body)?.[1] ?? ""];
  };
  const shifted = () => Buffer.concat([bytes.subarray(0, -1), Buffer.from([0])]);

  it("one byte too many or too few", async () => {
    expect(await send(Buffer.concat([bytes, Buffer.alloc(1)]))).toEqual([400, "EntityTooLarge"]);
    expect(await send(bytes.subarray(1))).toEqual([400, "EntityTooSmall"]);
  });

  it("another type, another key, another field", async () => {
    expect(await send(bytes, { "Content-Type": "image/png" })).toEqual([403, "AccessDenied"]);
    expect(await send(bytes, { key: "originals/YW5u/x.jpg" })).toEqual([403, "AccessDenied"]);
    expect(await send(bytes, { acl: "public-read" })).toEqual([403, "AccessDenied"]);
  });

  it("other bytes than those whose checksum was announced, in hex or base64", async () => {
    for (const encoding of ["hex", "base64"] as const) {
      const sha256 = createHash("sha256").update(bytes).digest(encoding);
      expect((await send(shifted(), {}, { sha256 }))[0]).toBe(400);
    }
  });
});

describe("what arrived and is not what was announced", () => {
  it.each(["png", "webp"] as const)(
    "a %s as JPEG is rejected with a reason and never an image",
    async (type) => {
      const disguised = await smallPicture(9, type);
      const id = await upload(user, disguised, { contentType: "image/jpeg" });
      const { reason } = await facts.about(id, (fact) => fact.type === "UploadRejected");
      expect(reason).toEqual({
        code: "type-mismatch",
        message: expect.stringContaining(`image/${type}`),
      });
      const { body } = await user.get(`/v1/uploads/${id}`);
      expect(body).toMatchObject({ status: "rejected", reason });
      expect((await user.get(`/v1/images/${id}`)).status).toBe(404);
      expect((await user.get(`/v1/processing/${id}`)).status).toBe(404);
    },
  );

  it("a page with a script as PNG is rejected, too", async () => {
    const page = Buffer.from(`<!doctype html><script>alert(1)</script>${" ".repeat(200)}`);
    const id = await upload(user, page, { contentType: "image/png" });
    const { reason } = await facts.about(id, (fact) => fact.type === "UploadRejected");
    expect(reason?.code).toBe("type-mismatch");
  });
});

describe("PATCH /v1/images/{imageId}", () => {
  it.each<[why: string, status: number, field: string | undefined, body: unknown]>([
    ["an unknown field", 400, "status", { status: "ready" }],
    ["the owner", 400, "ownerId", { ownerId: "bob" }],
    ["the version", 400, "version", { version: 9 }],
    ["a bad tag", 400, "tags.0", { tags: ["a b"] }],
    ["too many tags", 400, "tags", { tags: Array.from({ length: 31 }, (_, n) => `t${n}`) }],
    ["no tags but null", 400, "tags", { tags: null }],
    ["a caption that is too long", 400, "caption", { caption: "x".repeat(2_001) }],
    ["an unknown visibility", 400, "visibility", { visibility: "" }],
    ["a bad date", 400, "takenAt", { takenAt: "2026-13-01" }],
    ["nothing to change", 400, undefined, {}],
    ["a list", 400, undefined, []],
    ["malformed JSON", 400, undefined, "{"],
    ["an empty body", 400, undefined, ""],
  ])("answers %s with %i", async (_, status, field, body) => {
    expectProblem(await user.call("PATCH", `/v1/images/${imageId}`, { body }), status, field);
  });

  it("answers 415 to what is not JSON, 413 to what is too large", async () => {
    const path = `/v1/images/${imageId}`;
    const headers = { "Content-Type": "text/plain" };
    expectProblem(await user.call("PATCH", path, { body: '{"caption":"x"}', headers }), 415);
    const body = { caption: "x".repeat(2 * 1024 * 1024) };
    expectProblem(await user.call("PATCH", path, { body }), 413);
  });
});

describe("queries", () => {
  it.each<[path: string, field: string]>([
    ["/v1/images?limit=0", "limit"],
    ["/v1/images?limit=101", "limit"],
    ["/v1/images?limit=ten", "limit"],
    ["/v1/images?limit=1.5", "limit"],
    ["/v1/images?from=today", "from"],
    ["/v1/images?to=2026-02-30", "to"],
    ["/v1/images?from=2026-01-02&to=2026-01-01", "to"],
    ["/v1/images?from=2026-01-01&to=2026-01-01", "to"],
    ["/v1/images?order=random", "order"],
    ["/v1/images?tag=a%20b", "tag"],
    ["/v1/images?tag=", "tag"],
    ["/v1/images?owner=ann", "owner"],
    ["/v1/images?cursor=", "cursor"],
    ["/v1/images?cursor=garbage", "cursor"],
    [`/v1/images?cursor=${"A".repeat(600)}`, "cursor"],
    ["/v1/search?limit=0", "limit"],
    ["/v1/search?limit=101", "limit"],
    ["/v1/search?from=x", "from"],
    ["/v1/search?from=2026-01-02&to=2026-01-01", "to"],
    ["/v1/search?takenFrom=2026-01-02&takenTo=2026-01-01", "takenTo"],
    ["/v1/search?scope=everything", "scope"],
    ["/v1/search?sort=size", "sort"],
    ["/v1/search?facets=owners", "facets.0"],
    ["/v1/search?tag=a%2Fb", "tag"],
    [`/v1/search?q=${"x".repeat(201)}`, "q"],
    ["/v1/search?query=sea", "query"],
    ["/v1/search?q=sun*", "q"],
    ["/v1/search?q=-sunset", "q"],
    ["/v1/search?q=nul%00", "q"],
    ["/v1/search?from=0000-01-01", "from"],
    ["/v1/search?scope=mine&scope=all", "scope"],
    ["/v1/search?after=made-up", "after"],
    ["/v1/search/tags?prefix=a.*", "prefix"],
    ["/v1/search?cursor=garbage", "cursor"],
  ])("%s answers 400 and names %s", async (path, field) => {
    expectProblem(await user.get(path), 400, field);
  });

  it("of a download answer 400 to what they do not know", async () => {
    for (const query of ["rendition=..%2F", "download=yes", "format=gif", "size=9"]) {
      expectProblem(await user.get(`/v1/images/${imageId}/url?${query}`), 400, query.split("=")[0]);
    }
  });

  it.each(["/v1/images?limit=1", "/v1/search?limit=1"])(
    "%s refuses a cursor that was flipped, of another user or of another query",
    async (path) => {
      const somebody = await signIn(url);
      const cursors: string[] = [];
      for (const someone of [user, somebody]) {
        const ids = await Promise.all(
          [1, 2].map(async (n) =>
            upload(someone, await smallPicture(n), { contentType: "image/jpeg" }),
          ),
        );
        await Promise.all(ids.map((id) => facts.status(id, "ready")));
        await expect
          .poll(
            async () => {
              const { nextCursor } = (await someone.get<Page<Image>>(path)).body;
              if (nextCursor) cursors.push(nextCursor);
              return nextCursor;
            },
            { timeout: 10_000 },
          )
          .toBeTruthy();
      }
      const [mine = "", theirs = ""] = cursors;
      expect((await user.get(`${path}&cursor=${mine}`)).status).toBe(200);
      const at = mine.length - 5;
      const flipped = `${mine.slice(0, at)}${mine[at] === "A" ? "B" : "A"}${mine.slice(at + 1)}`;
      expectProblem(await user.get(`${path}&cursor=${flipped}`), 400, "cursor");
      expectProblem(await user.get(`${path}&cursor=${theirs}`), 400, "cursor");
      expectProblem(await user.get(`${path}&cursor=${mine}&tag=first`), 400, "cursor");
      expectProblem(await user.get(`${path}&cursor=${mine}=`), 400, "cursor");
    },
  );
});

describe("paths and methods", () => {
  it.each<[method: string, path: string, status: number]>([
    ["GET", "/v1/images/no-id", 404],
    ["GET", "/v1/uploads/no-id", 404],
    ["GET", "/v1/processing/no-id", 404],
    ["GET", `/v1/images/${unknownId}`, 404],
    ["GET", `/v1/uploads/${unknownId}`, 404],
    ["GET", `/v1/processing/${unknownId}`, 404],
    ["GET", `/v1/images/${unknownId}/nothing`, 404],
    ["GET", "/v1/nothing", 404],
    ["GET", "/v1", 404],
    ["GET", "/v2/images", 404],
    ["GET", "/nothing", 404],
    ["GET", "/v1/imagesandmore", 404],
    ["PUT", "/v1/images", 404],
    ["POST", "/v1/images", 404],
    ["PUT", `/v1/images/${unknownId}`, 404],
    ["PATCH", "/v1/uploads", 404],
    ["DELETE", "/v1/images", 404],
    ["POST", "/v1/search", 404],
    ["GET", "/dev/token", 405],
    ["POST", "/healthz", 405],
    ["POST", "/docs", 405],
  ])("%s %s answers %i as a problem", async (method, path, status) => {
    expectProblem(await user.call(method, path), status);
  });

  it.each<[unknown]>([
    [{}],
    [{ userId: "" }],
    [{ userId: 5 }],
    [{ userId: "ann", root: true }],
    ["{"],
  ])("POST /dev/token answers 400 to %j", async (body) => {
    expectProblem(await user.call("POST", "/dev/token", { body }), 400);
  });
});

it("after all of that the user has what he had, unchanged", async () => {
  const { body } = await user.get<Image>(`/v1/images/${imageId}`);
  expect(body).toMatchObject({ tags: ["first"], caption: null, visibility: "private", version: 2 });
  const { items } = (await user.get<Page<Image>>("/v1/images?limit=100")).body;
  expect(items.every(({ status }) => status === "ready")).toBe(true);
  expect(items).toHaveLength(5);
});
