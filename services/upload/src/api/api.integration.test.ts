import { imageIdTime } from "@shoebox/shared/ids";
import { originalKey } from "@shoebox/shared/image";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GRACE } from "../domain/session.ts";
import { jpeg, sendForm, startUploads, type Uploads } from "../upload.testkit.ts";

let uploads: Uploads;
beforeAll(async () => {
  uploads = await startUploads();
});
afterAll(() => uploads.close());
beforeEach(() => {
  uploads.clock.ahead = 0;
});

const WEEK = 7 * 24 * 3_600_000;
const MONTH = 30 * 24 * 3_600_000;
const picture = { contentType: "image/jpeg", size: 1000 };
const begin = (body: object = picture, userId = "ann", headers = {}) =>
  uploads.call(userId, "POST", "/v1/uploads", body, headers);
const look = (imageId: string, userId = "ann") =>
  uploads.call(userId, "GET", `/v1/uploads/${imageId}`);
const abort = (imageId: string, userId = "ann") =>
  uploads.call(userId, "DELETE", `/v1/uploads/${imageId}`);
const refOf = (imageId: string) => ({ ownerId: "ann", imageId });

describe("POST /v1/uploads", () => {
  it("answers 201 with a form for one key, and the place where the upload can be watched", async () => {
    const { status, headers, body } = await begin({ ...picture, fileName: "harbour.jpg" });
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual(["expiresAt", "fields", "imageId", "method", "url"]);
    expect(headers.get("location")).toBe(`/v1/uploads/${body.imageId}`);
    expect(body.method).toBe("POST");
    expect(body.url).toBe(`${uploads.urls.s3}/originals`);
    expect(body.fields.key).toBe(originalKey("ann", body.imageId, "image/jpeg"));
    const lifetime = Date.parse(body.expiresAt) - imageIdTime(body.imageId);
    expect(lifetime).toBeGreaterThan(299_000);
    expect(lifetime).toBeLessThanOrEqual(300_000);
  });

  it("gives a form that takes exactly what was announced", async () => {
    const { body: form } = await begin();
    const status = async (bytes: Buffer, changed = {}) =>
      (await sendForm(form, bytes, changed)).status;
    expect(await status(jpeg(999))).toBe(400);
    expect(await status(jpeg(1001))).toBe(400);
    expect(await status(jpeg(1000), { "Content-Type": "text/html" })).toBe(403);
    expect(await status(jpeg(1000), { key: originalKey("bob", form.imageId, "image/jpeg") })).toBe(
      403,
    );
    expect(await status(jpeg(1000), { acl: "public-read" })).toBe(403);
    expect(await status(jpeg(1000))).toBe(201);
  });

  it("gives a form that takes only the bytes of an announced checksum, in hex or in base64", async () => {
    const bytes = jpeg(1000, 1);
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes)));
    for (const sha256 of [digest.toString("hex"), digest.toString("base64")]) {
      const { body: form } = await begin({ ...picture, sha256 });
      expect(form.fields["x-amz-checksum-sha256"]).toBe(digest.toString("base64"));
      expect((await sendForm(form, jpeg(1000, 2))).status).toBe(400);
      expect((await sendForm(form, bytes)).status).toBe(201);
    }
  });

  it("keeps what was said of the picture, tags in their one form", async () => {
    const { body } = await begin({
      ...picture,
      tags: [" Sea", "sea", "Évora"],
      caption: " Evening ",
      visibility: "public",
      takenAt: "2026-11-01T12:00:00+02:00",
    });
    expect(await uploads.deps.sessions.load(refOf(body.imageId), Date.now())).toMatchObject({
      status: "awaiting",
      tags: ["sea", "évora"],
      caption: "Evening",
      visibility: "public",
      takenAt: "2026-11-01T10:00:00.000Z",
      correlationId: "request-1",
    });
  });

  it("takes 500 MiB and answers 413 to one byte more", async () => {
    expect((await begin({ ...picture, size: 524_288_000 })).status).toBe(201);
    const { status, body } = await begin({ ...picture, size: 524_288_001 });
    expect(status).toBe(413);
    expect(body.type).toBe("urn:shoebox:problem:payload-too-large");
    expect(body.detail).toContain("500 MiB");
    expect(body.errors).toEqual([{ field: "size", message: "at most 524288000 bytes" }]);
  });

  it("gives a form up to 100 MB, and parts above", async () => {
    expect((await begin({ ...picture, size: 104_857_600 })).body.method).toBe("POST");
    const { body } = await begin({ ...picture, size: 104_857_601 });
    expect(body).toEqual({
      imageId: expect.any(String),
      method: "MULTIPART",
      partSize: 16_777_216,
      partCount: 7,
      expiresAt: expect.any(String),
    });
    expect(Date.parse(body.expiresAt) - imageIdTime(body.imageId)).toBeGreaterThan(86_399_000 - 1);
  });

  it.each(["image/gif", "image/svg+xml", "IMAGE/JPEG", "image/jpeg; charset=utf-8", ""])(
    "answers 415 to the type %j",
    async (contentType) => {
      const { status, body } = await begin({ ...picture, contentType });
      expect(status).toBe(415);
      expect(body.type).toBe("urn:shoebox:problem:unsupported-media-type");
    },
  );

  it.each<[string, unknown]>([
    ["contentType", { size: 1 }],
    ["contentType", { ...picture, contentType: 1 }],
    ["size", { contentType: "image/jpeg" }],
    ["size", { ...picture, size: 0 }],
    ["size", { ...picture, size: -1 }],
    ["size", { ...picture, size: 1.5 }],
    ["size", { ...picture, size: "1000" }],
    ["sha256", { ...picture, sha256: "abc" }],
    ["sha256", { ...picture, sha256: "g".repeat(64) }],
    ["sha256", { ...picture, sha256: `${"A".repeat(42)}B=` }],
    ["tags", { ...picture, tags: Array.from({ length: 31 }, (_, n) => `t${n}`) }],
    ["tags.1", { ...picture, tags: ["sea", "two words"] }],
    ["tags.0", { ...picture, tags: [""] }],
    ["caption", { ...picture, caption: "x".repeat(2001) }],
    ["fileName", { ...picture, fileName: "" }],
    ["visibility", { ...picture, visibility: "secret" }],
    ["takenAt", { ...picture, takenAt: "yesterday" }],
    ["ifDuplicate", { ...picture, ifDuplicate: "return" }],
    ["ifDuplicate", { ...picture, ifDuplicate: "maybe" }],
    ["partChecksums", { ...picture, partChecksums: "sha256" }],
    ["partChecksums", { ...picture, size: 200_000_000, partChecksums: "md5" }],
    ["ownerId", { ...picture, ownerId: "bob" }],
    ["key", { ...picture, key: "originals/x" }],
    ["", []],
  ])("answers 400 and names %j", async (field, body) => {
    const answer = await begin(body as object);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  it("answers 400 to broken JSON and to no body, and 415 to what does not say it is JSON", async () => {
    const broken = await uploads.call("ann", "POST", "/v1/uploads", "{");
    expect([broken.status, broken.body.type]).toEqual([400, "urn:shoebox:problem:malformed-json"]);
    expect((await uploads.call("ann", "POST", "/v1/uploads")).status).toBe(400);
    const text = await uploads.call("ann", "POST", "/v1/uploads", JSON.stringify(picture), {
      "Content-Type": "text/plain",
    });
    expect(text.status).toBe(415);
  });

  it("begins one upload for one Idempotency-Key", async () => {
    const headers = { "Idempotency-Key": "k-1" };
    const first = await begin(picture, "ann", headers);
    const again = await begin(picture, "ann", headers);
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("location")).toBe(first.headers.get("location"));
    expect((await begin({ ...picture, size: 2 }, "ann", headers)).status).toBe(422);
    expect((await begin(picture, "bob", headers)).body.imageId).not.toBe(first.body.imageId);
  });
});

describe("GET /v1/uploads/{imageId}", () => {
  it("tells what is awaited", async () => {
    const { body: form } = await begin({ ...picture, fileName: "harbour.jpg", caption: "Evening" });
    const { status, body } = await look(form.imageId);
    expect(status).toBe(200);
    expect(body).toEqual({
      imageId: form.imageId,
      status: "awaiting",
      method: "POST",
      contentType: "image/jpeg",
      size: 1000,
      fileName: "harbour.jpg",
      createdAt: new Date(imageIdTime(form.imageId)).toISOString(),
      expiresAt: form.expiresAt,
    });
  });

  it("waits for the end as long as it is asked to, from 0 to 25 seconds", async () => {
    const { body: form } = await begin();
    const wait = (seconds: string) => look(`${form.imageId}?wait=${seconds}`);
    expect(await wait("25")).toMatchObject({ status: 200, body: { status: "awaiting" } });
    expect(uploads.clock.ahead).toBeGreaterThan(24_000);
    for (const wrong of ["26", "-1", "1.5", "soon", "", "1e1"]) {
      const { status, body } = await wait(wrong);
      expect([wrong, status, body.errors?.[0].field]).toEqual([wrong, 400, "wait"]);
    }
    await abort(form.imageId);
    uploads.clock.ahead = 0;
    expect((await wait("25")).body.status).toBe("aborted");
    expect(uploads.clock.ahead).toBe(0);
  });

  it("tells why an upload was rejected", async () => {
    const { body: form } = await begin();
    const reason = { code: "size-mismatch", message: "The file has 1 bytes." };
    await uploads.end(refOf(form.imageId), {
      status: "rejected",
      reason,
      rejectedAt: 1,
    });
    expect((await look(form.imageId)).body).toMatchObject({ status: "rejected", reason });
  });

  it("tells that an upload is expired by the clock alone, whether or not a job has run", async () => {
    const { body: form } = await begin();
    uploads.clock.ahead = 300_000 + GRACE;
    expect((await look(form.imageId)).body.status).toBe("expired");
    uploads.clock.ahead = 100 * WEEK;
    expect((await look(form.imageId)).body.status).toBe("expired");
  });

  it("forgets a month after its end what led to nothing", async () => {
    for (const outcome of [
      { status: "aborted" as const },
      { status: "expired" as const },
      { status: "rejected" as const, reason: { code: "c", message: "m" }, rejectedAt: 1 },
    ]) {
      uploads.clock.ahead = 0;
      const { body: form } = await begin();
      await uploads.end(refOf(form.imageId), outcome);
      // The clock goes on by itself, so a while before and after.
      uploads.clock.ahead = MONTH - 60_000;
      expect((await look(form.imageId)).body.status).toBe(outcome.status);
      uploads.clock.ahead = MONTH + 60_000;
      expect((await look(form.imageId)).status).toBe(404);
    }
  });

  it("remembers an uploaded one for as long as it takes", async () => {
    const { body: form } = await begin();
    await uploads.end(refOf(form.imageId), {
      status: "uploaded",
      bucket: "originals",
      versionId: "v1",
      verifiedAt: 1,
    });
    uploads.clock.ahead = 100 * WEEK;
    expect((await look(form.imageId)).body.status).toBe("uploaded");
  });

  it("answers 404 to everybody else, to unknown ids and for deleted images and to what is no id", async () => {
    const { body: form } = await begin();
    expect((await look(form.imageId, "bob")).status).toBe(404);
    expect((await look("0198c1a2-7b3c-7def-8123-456789abcdef")).status).toBe(404);
    expect((await look("no-id")).status).toBe(404);
    const deletion = { at: Date.now(), correlationId: "request-2" };
    await uploads.deps.sessions.confirmDeleted(refOf(form.imageId), deletion);
    expect((await look(form.imageId)).status).toBe(404);
  });
});

describe("DELETE /v1/uploads/{imageId}", () => {
  it("calls an awaited upload off, once", async () => {
    const { body: form } = await begin();
    const { status, body } = await abort(form.imageId);
    expect([status, body]).toEqual([204, ""]);
    expect((await look(form.imageId)).body.status).toBe("aborted");
    expect((await abort(form.imageId)).status).toBe(404);
  });

  it("answers 409 when it is too late", async () => {
    const { body: uploaded } = await begin();
    await uploads.end(refOf(uploaded.imageId), {
      status: "uploaded",
      bucket: "originals",
      versionId: "v1",
      verifiedAt: 1,
    });
    const { status, body } = await abort(uploaded.imageId);
    expect([status, body.type]).toEqual([409, "urn:shoebox:problem:conflict"]);
    expect((await look(uploaded.imageId)).body.status).toBe("uploaded");

    const { body: late } = await begin();
    uploads.clock.ahead = 300_000 + GRACE;
    expect((await abort(late.imageId)).status).toBe(409);
  });

  it("answers 404 to everybody else and leaves the upload as it is", async () => {
    const { body: form } = await begin();
    expect((await abort(form.imageId, "bob")).status).toBe(404);
    expect((await look(form.imageId)).body.status).toBe("awaiting");
  });
});
