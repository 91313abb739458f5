import { ListPartsCommand } from "@aws-sdk/client-s3";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keyOf } from "../../domain/session.ts";
import { jpeg, sendForm, startUploads, type Uploads } from "../../upload.testkit.ts";

const PART = 5 * 1024 ** 2;
const SIZE = 2 * PART + 1_000;
let uploads: Uploads;
let endpoint: string;

beforeAll(async () => {
  uploads = await startUploads();
  endpoint = await endpointOf("ann");
});
afterAll(() => uploads.close());

async function endpointOf(userId: string): Promise<string> {
  const { status, body } = await uploads.call(userId, "POST", "/v1/uploads/uppy");
  expect(status).toBe(201);
  return body.endpoint;
}

/** As Uppy calls: without an authorizer's word. */
const uppy = (method: string, path: string, body?: unknown, at = endpoint) =>
  uploads.call("", method, `${at}${path}`, body);

const params = (fields: Record<string, string>) => `/s3/params?${new URLSearchParams(fields)}`;
const photo = { filename: "a.jpg", type: "image/jpeg", "metadata[size]": "2000" };

const begin = async (metadata: object = {}) =>
  (
    await uppy("POST", "/s3/multipart", {
      filename: "big.jpg",
      type: "image/jpeg",
      metadata: { name: "big.jpg", relativePath: null, size: SIZE, ...metadata },
    })
  ).body as { uploadId: string; key: string; imageId: string };

async function send(uploadId: string, partNumber: number, bytes: Buffer): Promise<string> {
  const { body } = await uppy("GET", `/s3/multipart/${uploadId}/${partNumber}?key=x`);
  expect(body.method).toBe("PUT");
  const part = Buffer.from(bytes.subarray((partNumber - 1) * PART, partNumber * PART));
  const sent = await fetch(body.url, { method: "PUT", body: part });
  expect(sent.status).toBe(200);
  return sent.headers.get("etag") ?? "";
}

describe("an endpoint", () => {
  it("is an address that ends within twelve hours, whose secret is not stored", async () => {
    const { body } = await uploads.call("ann", "POST", "/v1/uploads/uppy");
    expect(body.endpoint).toMatch(/^\/v1\/uploads\/uppy\/cap_[\w-]{43}$/);
    const life = Date.parse(body.expiresAt) - uploads.deps.now();
    expect(life).toBeGreaterThan(11 * 3_600_000);
    expect(life).toBeLessThanOrEqual(12 * 3_600_000);
    const { Items } = await uploads.tables.send(new ScanCommand({ TableName: uploads.table }));
    expect(JSON.stringify(Items)).not.toContain(body.endpoint.split("/").at(-1));
  });

  it("takes nobody in after its end, with a damaged secret, or with none", async () => {
    const own = await endpointOf("eve");
    expect((await uppy("GET", params(photo), undefined, own)).status).toBe(200);
    expect((await uppy("GET", params(photo), undefined, `${own}x`)).status).toBe(401);
    expect((await uppy("GET", params(photo), undefined, own.slice(0, -1))).status).toBe(401);
    expect((await uppy("GET", params(photo), undefined, "/v1/uploads/uppy/null")).status).toBe(401);
    uploads.clock.ahead += 12 * 3_600_000;
    try {
      expect((await uppy("GET", params(photo), undefined, own)).status).toBe(401);
    } finally {
      uploads.clock.ahead -= 12 * 3_600_000;
    }
  });

  it("is no way to anything else", async () => {
    for (const path of ["/v1/uploads/quota", "/v1/uploads/uppy", endpoint, `${endpoint}/s3/sts`]) {
      for (const method of ["GET", "POST"]) {
        expect((await uploads.call("", method, path)).status).toBe(401);
      }
    }
  });

  it("reaches no upload of another user", async () => {
    const { uploadId, key } = await begin();
    const eves = await endpointOf("eve");
    const of = `/s3/multipart/${uploadId}`;
    const query = `?key=${encodeURIComponent(key)}`;
    const parts = [{ PartNumber: 1, ETag: "x" }];
    expect((await uppy("GET", `${of}${query}`, undefined, eves)).status).toBe(404);
    expect((await uppy("GET", `${of}/1${query}`, undefined, eves)).status).toBe(404);
    expect((await uppy("GET", `${of}/batch?partNumbers=1`, undefined, eves)).status).toBe(404);
    expect((await uppy("POST", `${of}/complete${query}`, { parts }, eves)).status).toBe(404);
    expect((await uppy("DELETE", `${of}${query}`, undefined, eves)).status).toBe(404);
    expect((await uppy("GET", `${of}${query}`)).status).toBe(200);
  });
});

describe("a small file", () => {
  it("gets a form for exactly its size, with what its metadata says of the image", async () => {
    const { status, body } = await uppy(
      "GET",
      params({
        ...photo,
        "metadata[tags]": "Sea, evening",
        "metadata[caption]": "Harbour",
        "metadata[visibility]": "public",
        "metadata[takenAt]": "null",
        "metadata[relativePath]": "null",
        "metadata[own]": "x",
      }),
    );
    expect([status, body.method]).toEqual([200, "POST"]);
    expect(body.expires).toBeUndefined();
    const session = await uploads.session({ ownerId: "ann", imageId: body.imageId });
    expect(session).toMatchObject({
      size: 2000,
      fileName: "a.jpg",
      tags: ["sea", "evening"],
      caption: "Harbour",
      visibility: "public",
    });
    expect((await sendForm(body, jpeg(2001))).status).toBe(400);
    const sent = await sendForm(body, jpeg(2000));
    expect(sent.status).toBe(201);
    expect(sent.headers.get("etag")).toBeTruthy();
  });

  it("is refused in one sentence that names the line which is missing, when its size is not told", async () => {
    const { status, body } = await uppy("GET", params({ filename: "a.jpg", type: "image/jpeg" }));
    expect(status).toBe(400);
    expect(body.detail).toContain("setFileMeta");
    expect(body.errors).toEqual([{ field: "metadata[size]", message: "is missing" }]);
  });

  it.each([
    [{ "metadata[size]": "0" }, 400],
    [{ "metadata[size]": "-1" }, 400],
    [{ "metadata[size]": "1.5" }, 400],
    [{ "metadata[size]": "1e999" }, 400],
    [{ "metadata[size]": "many" }, 400],
    [{ "metadata[tags]": "a b" }, 400],
    [{ "metadata[visibility]": "secret" }, 400],
    [{ type: "image/gif" }, 415],
    [{ type: "" }, 415],
    [{ "metadata[size]": "104857601" }, 413],
  ])("with %j is answered %i", async (fields, expected) => {
    expect((await uppy("GET", params({ ...photo, ...fields }))).status).toBe(expected);
  });
});

describe("a large file", () => {
  it("is sent in parts of 5 MiB, listed as Uppy reads it, completed once or twice", async () => {
    const bytes = jpeg(SIZE, 7);
    const { uploadId, key, imageId } = await begin({ tags: ["sea"] });
    const session = await uploads.session({ ownerId: "ann", imageId });
    expect(session).toMatchObject({ tags: ["sea"], multipart: { partSize: PART } });
    expect(session.status !== "deleted" && keyOf(session)).toBe(key);
    const parts: { PartNumber: number; ETag: string }[] = [];
    for (const PartNumber of [3, 1]) {
      parts.push({ PartNumber, ETag: await send(uploadId, PartNumber, bytes) });
    }
    const listed = await uppy("GET", `/s3/multipart/${uploadId}?key=${encodeURIComponent(key)}`);
    expect(listed.body).toEqual([
      { PartNumber: 1, Size: PART, ETag: parts[1]?.ETag },
      { PartNumber: 3, Size: 1_000, ETag: parts[0]?.ETag },
    ]);
    const complete = () => uppy("POST", `/s3/multipart/${uploadId}/complete?key=x`, { parts });
    expect((await complete()).status).toBe(400);
    parts.push({ PartNumber: 2, ETag: await send(uploadId, 2, bytes) });
    for (let time = 0; time < 2; time++) {
      const { status, body } = await complete();
      expect(status).toBe(200);
      expect(body).toEqual({ location: `/v1/images/${imageId}`, key, imageId });
    }
    expect(await uploads.versions(key)).toHaveLength(1);
  });

  it("has the URLs of several parts at once", async () => {
    const { uploadId } = await begin();
    const at = `/s3/multipart/${uploadId}/batch?key=x&partNumbers=`;
    const { body } = await uppy("GET", `${at}1,3,3`);
    expect(Object.keys(body.presignedUrls)).toEqual(["1", "3"]);
    expect(body.presignedUrls[3]).toContain("partNumber=3");
    expect((await uppy("GET", `${at}4`)).status).toBe(400);
    expect((await uppy("GET", `${at}1,,2`)).status).toBe(400);
    expect((await uppy("GET", `/s3/multipart/${uploadId}/0?key=x`)).status).toBe(400);
  });

  it("leaves nothing behind when it is cancelled, and is answered in JSON", async () => {
    const { uploadId, key, imageId } = await begin();
    await send(uploadId, 1, jpeg(SIZE));
    const session = await uploads.session({ ownerId: "ann", imageId });
    const s3Id = session.status !== "deleted" ? session.multipart?.uploadId : undefined;
    const answer = await uppy("DELETE", `/s3/multipart/${uploadId}?key=${encodeURIComponent(key)}`);
    expect([answer.status, answer.body]).toEqual([200, {}]);
    expect(await uploads.session({ ownerId: "ann", imageId })).toMatchObject({ status: "aborted" });
    const parts = uploads.objects.send(
      new ListPartsCommand({ Bucket: uploads.bucket, Key: key, UploadId: s3Id }),
    );
    await expect(parts).rejects.toMatchObject({ name: "NoSuchUpload" });
    expect((await uppy("GET", `/s3/multipart/${uploadId}?key=x`)).status).toBe(409);
  });

  it("that is no upload in parts, or none at all, is refused", async () => {
    const form = (await uppy("GET", params(photo))).body;
    expect((await uppy("GET", `/s3/multipart/${form.imageId}/1?key=x`)).status).toBe(409);
    expect((await uppy("GET", "/s3/multipart/none/1?key=x")).status).toBe(404);
    const broken = { parts: [{ PartNumber: "one", ETag: "x" }] };
    expect((await uppy("POST", "/s3/multipart/none/complete?key=x", broken)).status).toBe(400);
  });
});
