import { createHash } from "node:crypto";
import { ListMultipartUploadsCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onObjectCreated } from "../consumers/object-created.ts";
import { beginMultipart, partOf, SMALL_PART, sendParts } from "../multipart.testkit.ts";
import { DONE, deliver, jpeg, startUploads, type Uploads } from "../upload.testkit.ts";

let uploads: Uploads;
beforeAll(async () => {
  uploads = await startUploads();
});
afterAll(() => uploads.close());
beforeEach(() => {
  uploads.clock.ahead = 0;
});

const SIZE = 2 * SMALL_PART + 1000;
const bytes = jpeg(SIZE, 7);
const sha256 = createHash("sha256").update(bytes).digest("base64");
const shaOf = (partNumber: number) =>
  createHash("sha256").update(partOf(bytes, partNumber)).digest("base64");
const path = (imageId: string, rest = "") => `/v1/uploads/${imageId}${rest}`;
const post = (imageId: string, rest: string, body: unknown, user = "ann") =>
  uploads.call(user, "POST", path(imageId, rest), body);
const sign = (imageId: string, partNumbers: number[], more = {}) =>
  post(imageId, "/parts", { partNumbers, ...more });
const complete = (imageId: string, parts: object[]) => post(imageId, "/complete", { parts });
const list = (imageId: string, user = "ann") => uploads.call(user, "GET", path(imageId, "/parts"));
const arrive = async (key: string, count = 1) =>
  deliver(onObjectCreated(uploads.deps), await uploads.reported(key, count));
const send = (imageId: string, numbers = [1, 2, 3]) => sendParts(uploads, imageId, bytes, numbers);
const put = (url: string, body: Uint8Array, headers = {}) =>
  fetch(url, { method: "PUT", body: Buffer.from(body), headers });
/** The ids of all multipart uploads that the store still has on this key. */
const openAt = async (key: string) => {
  const { Uploads: open = [] } = await uploads.objects.send(
    new ListMultipartUploadsCommand({ Bucket: uploads.bucket, Prefix: key }),
  );
  return open.map(({ UploadId }) => UploadId);
};
/** Sends a part as nobody can who only has our URLs. */
const forge = (upload: { key: string; multipart: { uploadId: string } }, n: number, size: number) =>
  uploads.objects.send(
    new UploadPartCommand({
      Bucket: uploads.bucket,
      Key: upload.key,
      UploadId: upload.multipart.uploadId,
      PartNumber: n,
      Body: Buffer.alloc(size),
    }),
  );

describe("an upload in parts", () => {
  it("becomes uploaded once all its parts are sent and completed", async () => {
    const { imageId, key } = await beginMultipart(uploads, { size: SIZE });
    const parts = await send(imageId);
    const { status, body } = await complete(imageId, parts);
    expect(status).toBe(200);
    expect(body).toMatchObject({ imageId, status: "awaiting", method: "MULTIPART", partCount: 3 });
    expect(await arrive(key)).toEqual(DONE);
    const { body: upload } = await uploads.call("ann", "GET", path(imageId));
    expect(upload).toMatchObject({ status: "uploaded", size: SIZE, partSize: SMALL_PART });
  });

  it("can be gone on with: what was sent is listed, what is missing is sent in any order, or again", async () => {
    const { imageId } = await beginMultipart(uploads, { size: SIZE });
    await send(imageId, [3, 1]);
    const { body } = await list(imageId);
    expect(body.parts).toEqual([
      { partNumber: 1, size: SMALL_PART, etag: expect.stringMatching(/^[0-9a-f]{32}$/) },
      { partNumber: 3, size: 1000, etag: expect.stringMatching(/^[0-9a-f]{32}$/) },
    ]);
    const [second] = await send(imageId, [2]);
    await send(imageId, [1]);
    expect((await complete(imageId, [...body.parts.map(named), second ?? {}])).status).toBe(200);
  });

  it("gives URLs that take exactly one part, of its exact length, until they end", async () => {
    const upload = await beginMultipart(uploads, { size: SIZE });
    const { body } = await sign(upload.imageId, [1, 3]);
    const [first, last] = body.urls;
    expect(first).toEqual({
      partNumber: 1,
      url: expect.stringContaining("X-Amz-Expires="),
      size: SMALL_PART,
      expiresAt: expect.any(String),
    });
    expect(last).toMatchObject({ partNumber: 3, size: 1000 });
    expect((await put(last.url, Buffer.alloc(999))).status).toBe(403);
    expect((await put(last.url, Buffer.alloc(1001))).status).toBe(403);
    expect((await put(last.url.replace("partNumber=3", "partNumber=2"), bytes)).status).toBe(403);
    expect((await put(last.url, Buffer.alloc(1000))).status).toBe(200);
    const lifetime = Date.parse(first.expiresAt) - Date.now();
    expect(lifetime).toBeGreaterThan(3_590_000);
    expect(lifetime).toBeLessThanOrEqual(3_600_000);
  });

  it("gives new URLs for those that have ended, which the store takes no more", async () => {
    const { imageId } = await beginMultipart(uploads, { size: SIZE });
    uploads.clock.ahead = -3_601_000;
    const { body: ended } = await sign(imageId, [3]);
    uploads.clock.ahead = 0;
    const part = partOf(bytes, 3);
    const late = await put(ended.urls[0].url, part);
    expect([late.status, await late.text()]).toEqual([
      403,
      expect.stringContaining("Request has expired"),
    ]);
    const { body: signed } = await sign(imageId, [3]);
    expect((await put(signed.urls[0].url, part)).status).toBe(200);
  });

  it("is rejected and deleted when it is no picture of the announced type", async () => {
    const upload = await beginMultipart(uploads, { size: SIZE });
    const disguised = Buffer.concat([Buffer.from("GIF89a"), bytes.subarray(6)]);
    const parts = await sendParts(uploads, upload.imageId, disguised, [1, 2, 3]);
    expect((await complete(upload.imageId, parts)).status).toBe(200);
    await arrive(upload.key);
    const { body } = await uploads.call("ann", "GET", path(upload.imageId));
    expect(body).toMatchObject({ status: "rejected", reason: { code: "type-mismatch" } });
    expect(await uploads.versions(upload.key)).toEqual([]);
  });

  it("gives no URL for parts it does not have, and none for too many, for none, or twice", async () => {
    const { imageId } = await beginMultipart(uploads, { size: SIZE });
    const { status, body } = await sign(imageId, [3, 4]);
    expect([status, body.errors]).toEqual([
      400,
      [{ field: "partNumbers", message: "part 4 is not one of 3 parts" }],
    ]);
    for (const numbers of [[], [0], [1.5], [1, 1], Array.from({ length: 101 }, (_, n) => n + 1)]) {
      expect((await sign(imageId, numbers)).status).toBe(400);
    }
    expect((await sign(imageId, [1], { sha256: { "1": shaOf(1) } })).body.errors).toEqual([
      { field: "sha256.1", message: "the upload was begun without partChecksums" },
    ]);
  });

  it("has its parts verified one by one by the store, where it was begun with checksums", async () => {
    const { imageId, key } = await beginMultipart(uploads, { size: SIZE, checksums: true });
    expect((await sign(imageId, [1, 2])).body.errors).toEqual([
      { field: "sha256.1", message: "is missing" },
      { field: "sha256.2", message: "is missing" },
    ]);
    const checksums = { "1": shaOf(1), "2": shaOf(2), "3": shaOf(3) };
    const { body } = await sign(imageId, [1, 2, 3], { sha256: checksums });
    const parts = [];
    for (const { partNumber, url, headers } of body.urls) {
      const good = partOf(bytes, partNumber);
      const bad = Buffer.from(good);
      bad[10] = 99;
      expect((await put(url, bad, headers)).status).toBe(400);
      expect((await put(url, good)).status).toBe(403);
      const answer = await put(url, good, headers);
      expect(answer.status).toBe(200);
      parts.push({ partNumber, etag: answer.headers.get("etag") ?? "" });
    }
    const { body: listed } = await list(imageId);
    expect(listed.parts[0]).toMatchObject({ partNumber: 1, sha256: shaOf(1) });
    const wrong = await complete(imageId, [
      { ...parts[0], sha256 },
      parts[1] ?? {},
      parts[2] ?? {},
    ]);
    expect([wrong.status, wrong.body.errors]).toEqual([
      409,
      [{ field: "parts", message: "part 1 has another SHA-256 than named" }],
    ]);
    expect((await complete(imageId, parts)).status).toBe(200);
    await arrive(key);
    expect((await uploads.session({ ownerId: "ann", imageId })).status).toBe("uploaded");
  });

  it("is rejected when the whole has another SHA-256 than announced, which no part can show", async () => {
    for (const [announced, status] of [
      [sha256, "uploaded"],
      [shaOf(1), "rejected"],
    ] as const) {
      for (const checksums of [false, true]) {
        const upload = await beginMultipart(uploads, { size: SIZE, sha256: announced, checksums });
        const { imageId, key } = upload;
        if (checksums) {
          const { body } = await sign(imageId, [1, 2, 3], {
            sha256: { "1": shaOf(1), "2": shaOf(2), "3": shaOf(3) },
          });
          for (const { partNumber, url, headers } of body.urls) {
            await put(url, partOf(bytes, partNumber), headers);
          }
        } else {
          await send(imageId);
        }
        const { body } = await list(imageId);
        expect((await complete(imageId, body.parts.map(named))).status).toBe(200);
        await arrive(key);
        const session = await uploads.session(upload);
        expect(session.status).toBe(status);
        if (session.status === "rejected") expect(session.reason.code).toBe("checksum-mismatch");
        expect(await uploads.versions(key)).toHaveLength(status === "uploaded" ? 1 : 0);
      }
    }
  });
});

describe("completing", () => {
  it("can be repeated when the answer was lost, before and after the object was verified", async () => {
    const { imageId, key } = await beginMultipart(uploads, { size: SIZE });
    const parts = await send(imageId);
    const first = await complete(imageId, parts);
    expect(await complete(imageId, parts)).toMatchObject({ status: 200, body: first.body });
    await arrive(key);
    expect(await complete(imageId, parts)).toMatchObject({
      status: 200,
      body: { ...first.body, status: "uploaded" },
    });
    expect(await uploads.versions(key)).toHaveLength(1);
  });

  it("makes one object of two requests at the same time", async () => {
    const { imageId, key } = await beginMultipart(uploads, { size: SIZE });
    const parts = await send(imageId);
    const answers = await Promise.all([1, 2, 3].map(() => complete(imageId, parts)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await uploads.versions(key)).toHaveLength(1);
  });

  it("names every part that is missing or another, and changes nothing", async () => {
    const { imageId } = await beginMultipart(uploads, { size: SIZE });
    const [first = { partNumber: 1, etag: "" }] = await send(imageId, [1]);
    const other = "0".repeat(32);
    const { status, body } = await complete(imageId, [
      { ...first, etag: other },
      { partNumber: 2, etag: other },
      { partNumber: 3, etag: other },
    ]);
    expect(status).toBe(409);
    expect(body.errors.map((error: { message: string }) => error.message)).toEqual([
      `part 1 has the ETag ${first.etag}, another than named`,
      "part 2 was not sent",
      "part 3 was not sent",
    ]);
    expect(body.detail).toContain("part 2 was not sent");
    const rest = await send(imageId, [2, 3]);
    expect((await complete(imageId, [first, ...rest])).status).toBe(200);
  });

  it("answers 400 to a list that leaves parts out, repeats them or names others", async () => {
    const { imageId } = await beginMultipart(uploads, { size: SIZE });
    const parts = await send(imageId);
    const wrong = [
      [parts.slice(0, 2), "part 3 is not named"],
      [[...parts, parts[0]], "part 1 is named more than once"],
      [[...parts, { partNumber: 4, etag: "x" }], "part 4 is not one of 3 parts"],
    ] as const;
    for (const [list, message] of wrong) {
      const { status, body } = await complete(imageId, list as object[]);
      expect([status, body.errors]).toEqual([400, [{ field: "parts", message }]]);
    }
    for (const body of [{}, { parts: [] }, { parts: [{ partNumber: 1 }] }, { parts, size: 1 }]) {
      expect((await post(imageId, "/complete", body)).status).toBe(400);
    }
    // Any order will do.
    expect((await complete(imageId, parts.toReversed())).status).toBe(200);
  });

  it("rejects more bytes than were announced, deletes them, and gives the quota back", async () => {
    const upload = await beginMultipart(uploads, { size: SIZE });
    const before = await uploads.deps.sessions.usage("ann");
    const parts = await send(upload.imageId);
    await forge(upload, 4, 1);
    const { status, body } = await complete(upload.imageId, parts);
    expect(status).toBe(409);
    expect(body.reason.code).toBe("size-mismatch");
    expect(await uploads.session(upload)).toMatchObject({
      status: "rejected",
      reason: { code: "size-mismatch" },
    });
    expect(await openAt(upload.key)).toEqual([]);
    expect(await uploads.deps.sessions.usage("ann")).toEqual({
      bytes: before.bytes - SIZE,
      images: before.images - 1,
    });
    expect((await complete(upload.imageId, parts)).body.reason).toEqual(body.reason);
  });

  it("asks for a part again that has the wrong length", async () => {
    const upload = await beginMultipart(uploads, { size: SIZE });
    const parts = await send(upload.imageId);
    await forge(upload, 3, 999);
    const { status, body } = await complete(upload.imageId, parts);
    expect([status, body.errors]).toEqual([
      409,
      [{ field: "parts", message: "part 3 has 999 bytes instead of 1000; send it again" }],
    ]);
    await send(upload.imageId, [3]);
    expect((await complete(upload.imageId, parts)).status).toBe(200);
  });

  it("answers 409 when the store has forgotten the parts", async () => {
    const upload = await beginMultipart(uploads, { size: SIZE });
    const parts = await send(upload.imageId);
    await uploads.deps.multipartUploads.abort(upload.key, upload.multipart.uploadId);
    expect((await complete(upload.imageId, parts)).status).toBe(409);
    expect((await list(upload.imageId)).status).toBe(409);
    expect((await uploads.session(upload)).status).toBe("awaiting");
  });

  it("is over at its time, but a completion from before can still be repeated", async () => {
    const done = await beginMultipart(uploads, { size: SIZE });
    const parts = await send(done.imageId);
    await complete(done.imageId, parts);
    const open = await beginMultipart(uploads, { size: SIZE });
    uploads.clock.ahead = 86_401_000;
    expect((await complete(done.imageId, parts)).status).toBe(200);
    const { status, body } = await complete(open.imageId, parts);
    expect([status, body.detail]).toEqual([409, expect.stringContaining("time was over at")]);
    expect((await sign(open.imageId, [1])).status).toBe(409);
    expect((await list(open.imageId)).status).toBe(409);
  });
});

describe("an Idempotency-Key", () => {
  it("repeats the answer of every POST about parts, and is refused with another body", async () => {
    const { imageId } = await beginMultipart(uploads, { size: SIZE });
    const parts = await send(imageId);
    for (const [rest, body, other] of [
      ["/parts", { partNumbers: [1] }, { partNumbers: [2] }],
      ["/complete", { parts }, { parts: parts.toReversed() }],
    ] as const) {
      const headers = { "Idempotency-Key": `"key-${rest.slice(1)}"` };
      const ask = (what: object) => uploads.call("ann", "POST", path(imageId, rest), what, headers);
      const first = await ask(body);
      const again = await ask(body);
      expect([again.status, again.body]).toEqual([first.status, first.body]);
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      expect(Date.parse(again.headers.get("idempotency-expires") ?? "")).toBeGreaterThan(
        Date.now(),
      );
      expect((await ask(other)).status).toBe(422);
    }
  });
});

describe("calling an upload in parts off", () => {
  it("deletes what was sent, and no more is taken", async () => {
    const upload = await beginMultipart(uploads, { size: SIZE });
    const parts = await send(upload.imageId, [1]);
    const { body } = await sign(upload.imageId, [2]);
    expect((await uploads.call("ann", "DELETE", path(upload.imageId))).status).toBe(204);
    expect(await openAt(upload.key)).toEqual([]);
    expect((await put(body.urls[0].url, partOf(bytes, 2))).status).toBe(404);
    for (const answer of [
      await complete(upload.imageId, parts),
      await sign(upload.imageId, [1]),
      await list(upload.imageId),
    ]) {
      expect([answer.status, answer.body.detail]).toEqual([409, "The upload is aborted already."]);
    }
    expect((await uploads.call("ann", "DELETE", path(upload.imageId))).status).toBe(404);
  });

  it("against a completion ends as one of the two, and leaves nothing behind", async () => {
    for (let n = 0; n < 5; n++) {
      const upload = await beginMultipart(uploads, { size: SIZE });
      const parts = await send(upload.imageId);
      const [completed, aborted] = await Promise.all([
        complete(upload.imageId, parts),
        uploads.call("ann", "DELETE", path(upload.imageId)),
      ]);
      expect([200, 409]).toContain(completed.status);
      if ((await uploads.versions(upload.key)).length > 0) await arrive(upload.key);
      expect(aborted.status).toBe(204);
      expect((await uploads.session(upload)).status).toBe("aborted");
      expect(await uploads.versions(upload.key)).toEqual([]);
      expect(await openAt(upload.key)).toEqual([]);
    }
  });
});

describe("the routes of parts", () => {
  it("do not exist for anybody else, nor for what is no upload", async () => {
    const { imageId } = await beginMultipart(uploads, { size: SIZE });
    for (const id of [imageId, "0198c1a2-7b3c-7def-8123-456789abcdef", "no-id"]) {
      const parts = [{ partNumber: 1, etag: "x" }];
      expect((await list(id, "bob")).status).toBe(404);
      expect((await post(id, "/parts", { partNumbers: [1] }, "bob")).status).toBe(404);
      expect((await post(id, "/complete", { parts }, "bob")).status).toBe(404);
    }
  });

  it("answer 409 for an upload that is sent as a form", async () => {
    const { body } = await uploads.call("ann", "POST", "/v1/uploads", {
      contentType: "image/jpeg",
      size: 10,
    });
    expect((await list(body.imageId)).status).toBe(409);
    expect((await sign(body.imageId, [1])).status).toBe(409);
    expect((await complete(body.imageId, [{ partNumber: 1, etag: "x" }])).status).toBe(409);
  });
});

function named({ partNumber, etag }: { partNumber: number; etag: string }) {
  return { partNumber, etag };
}
