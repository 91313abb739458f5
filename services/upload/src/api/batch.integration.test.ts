import { ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jpeg, sendForm, startUploads, type Uploads } from "../upload.testkit.ts";

let uploads: Uploads;
beforeAll(async () => {
  uploads = await startUploads();
});
afterAll(() => uploads.close());

const picture = { contentType: "image/jpeg", size: 1000 };
const begin = (list: unknown, userId = "ann", headers = {}) =>
  uploads.call(userId, "POST", "/v1/uploads/batch", { uploads: list }, headers);

describe("POST /v1/uploads/batch", () => {
  it("answers each upload in its place, as it would alone, and the bad ones touch no other", async () => {
    const { status, body } = await begin([
      picture,
      { ...picture, contentType: "image/gif" },
      { ...picture, size: 524_288_001 },
      { ...picture, size: 0, colour: "red" },
      "nonsense",
      null,
      { ...picture, size: 200_000_000 },
      { ...picture, tags: ["two words"] },
    ]);
    expect(status).toBe(207);
    expect(body.results.map((result: { status: number }) => result.status)).toEqual([
      201, 415, 413, 400, 400, 400, 201, 400,
    ]);
    const [form, gif, , fields, , , parts, tags] = body.results;
    expect(form).toMatchObject({ method: "POST", imageId: expect.any(String) });
    expect((await sendForm(form, jpeg(1000))).status).toBe(201);
    expect(parts).toMatchObject({ method: "MULTIPART", partCount: 12 });
    expect(gif).toMatchObject({
      type: "urn:shoebox:problem:unsupported-media-type",
      requestId: "request-1",
    });
    const named = fields.errors.map((error: { field: string }) => error.field);
    expect(named).toEqual(["size", "colour"]);
    expect(tags.errors[0].field).toBe("tags.0");
    for (const { imageId } of [form, parts]) {
      const { body: upload } = await uploads.call("ann", "GET", `/v1/uploads/${imageId}`);
      expect(upload.status).toBe("awaiting");
    }
  });

  it("takes a hundred, each with an id of its own, and not one more", async () => {
    const { body } = await begin(Array(100).fill(picture));
    const ids = body.results.map((result: { imageId: string }) => result.imageId);
    expect(new Set(ids).size).toBe(100);
    expect((await begin(Array(101).fill(picture))).status).toBe(400);
    expect((await begin([])).status).toBe(400);
    expect((await begin("many")).status).toBe(400);
  });

  it("begins a hundred for one Idempotency-Key once, and repeats its answer", async () => {
    const headers = { "Idempotency-Key": "batch-1" };
    const caption = "x".repeat(2000);
    const list = Array(100).fill({ ...picture, caption });
    const first = await begin(list, "bea", headers);
    const again = await begin(list, "bea", headers);
    expect(again.status).toBe(207);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await uploads.deps.sessions.usage("bea")).images).toBe(100);
  });

  it("begins what the quota allows and says of the rest what is left", async () => {
    const quota = { ...uploads.deps.quota };
    uploads.deps.quota.bytes = 300_000_500;
    try {
      const { body } = await begin(
        [
          { ...picture, size: 200_000_000 },
          { ...picture, size: 200_000_000 },
          { ...picture, size: 100_000_000 },
          { ...picture, size: 501 },
          { ...picture, size: 500 },
        ],
        "cia",
      );
      expect(body.results.map((result: { status: number }) => result.status)).toEqual([
        201, 409, 201, 409, 201,
      ]);
      expect(body.results[3]).toMatchObject({
        type: "urn:shoebox:problem:quota-exceeded",
        detail: "0 of 300000500 bytes and 999997 of 1000000 images are left.",
        quota: {
          bytes: { used: 300_000_500, limit: 300_000_500 },
          images: { used: 3, limit: 1_000_000 },
        },
      });
      expect(await uploads.deps.sessions.usage("cia")).toEqual({ bytes: 300_000_500, images: 3 });
    } finally {
      Object.assign(uploads.deps.quota, quota);
    }
    // What was not begun has left no multipart upload either.
    const { Uploads: open = [] } = await uploads.objects.send(
      new ListMultipartUploadsCommand({ Bucket: uploads.bucket, Prefix: "originals/Y2lh/" }),
    );
    expect(open).toHaveLength(1);
  });
});
