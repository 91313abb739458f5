import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { newImageId } from "@shoebox/shared/ids";
import { renditionPrefix } from "@shoebox/shared/image";
import type { Change } from "@shoebox/shared/messaging/relay";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MAX_ATTEMPTS } from "./domain/attempts.ts";
import { MAX_RETRIES } from "./domain/retry.ts";
import { IN_MEMORY_BYTES } from "./pipeline/fetch.ts";
import { noise, quarters } from "./pipeline/pictures.testkit.ts";
import { messages, NOON, startProcessing, succeeded } from "./processing.testkit.ts";
import { toEvents } from "./publish.ts";

let world: Awaited<ReturnType<typeof startProcessing>>;
let jpeg: Buffer;
beforeAll(async () => {
  world = await startProcessing();
  jpeg = await quarters(400, 300).jpeg().toBuffer();
});
afterAll(() => world.close());

const KEYS = ["large.jpg", "large.webp", "medium.webp", "small.webp", "thumb.webp"];
const keysOf = (imageId: string) => KEYS.map((name) => renditionPrefix(imageId) + name);

describe("an upload", () => {
  it("becomes renditions that browsers may keep, and a finished job", async () => {
    const image = await world.upload(jpeg);
    expect(await world.worker()(messages(image.event))).toEqual(succeeded);
    expect(await world.storedKeys(image.imageId)).toEqual(keysOf(image.imageId));
    const object = await world.s3.send(
      new GetObjectCommand({
        Bucket: "processed",
        Key: `${renditionPrefix(image.imageId)}large.jpg`,
      }),
    );
    expect(object).toMatchObject({
      ContentType: "image/jpeg",
      CacheControl: "public, max-age=31536000, immutable",
      Metadata: { "correlation-id": "correlation-1" },
    });
    object.Body?.transformToByteArray();
    expect(await world.jobs.find(image)).toMatchObject({
      status: "processed",
      attempts: 1,
      width: 400,
      height: 300,
      correlationId: "correlation-1",
      causationId: image.event.detail.metadata.eventId,
    });
  });

  it("larger than what is held in memory goes through a file, with the same end", async () => {
    const large = await noise(2400, 2400).png({ compressionLevel: 0 }).toBuffer();
    expect(large.length).toBeGreaterThan(IN_MEMORY_BYTES);
    const image = await world.upload(large, "image/png");
    expect(await world.worker()(messages(image.event))).toEqual(succeeded);
    expect(await world.jobs.find(image)).toMatchObject({ status: "processed", width: 2400 });
  });

  it("is read in the version that was verified, whatever lies on the key by now", async () => {
    const image = await world.upload(jpeg);
    const replaced = { Bucket: "originals", Key: image.key, Body: "something else" };
    await world.s3.send(new PutObjectCommand(replaced));
    expect(await world.worker()(messages(image.event))).toEqual(succeeded);
    expect(await world.jobs.find(image)).toMatchObject({ status: "processed", width: 400 });
  });

  it("that can't be shown is rejected in one attempt, and the message is done", async () => {
    const image = await world.upload(jpeg.subarray(0, jpeg.length - 200));
    expect(await world.worker()(messages(image.event))).toEqual(succeeded);
    expect(await world.jobs.find(image)).toMatchObject({
      status: "rejected",
      attempts: 1,
      reason: { code: "undecodable" },
    });
    expect(await world.storedKeys(image.imageId)).toEqual([]);
  });

  it("whose original is gone is rejected, be it the version or the whole object", async () => {
    const version = await world.upload(jpeg);
    await world.s3.send(
      new DeleteObjectCommand({
        Bucket: "originals",
        Key: version.key,
        VersionId: version.versionId,
      }),
    );
    const never = await world.upload(jpeg);
    never.event.detail.data.key += ".jpg";
    expect(await world.worker()(messages(version.event, never.event))).toEqual(succeeded);
    for (const image of [version, never]) {
      expect(await world.jobs.find(image)).toMatchObject({ reason: { code: "original-missing" } });
    }
  });

  it("from another bucket is refused and stays a message", async () => {
    const image = await world.upload(jpeg);
    image.event.detail.data.bucket = "processed";
    const { batchItemFailures } = await world.worker()(messages(image.event));
    expect(batchItemFailures).toHaveLength(1);
    expect(await world.jobs.find(image)).toBeUndefined();
  });

  it("that no attempt can finish is rejected in the end, with a reason, and keeps nothing", async () => {
    const image = await world.upload(jpeg);
    let attempts = 0;
    const dying = world.worker(async (run) => {
      attempts += 1;
      // The first attempt leaves its renditions behind.
      if (attempts === 1) await run();
      throw new Error("the process died");
    });
    while (attempts < MAX_ATTEMPTS) {
      expect((await dying(messages(image.event))).batchItemFailures).toHaveLength(1);
    }
    expect(await world.jobs.find(image)).toMatchObject({ status: "processing" });
    expect(await dying(messages(image.event))).toEqual(succeeded);
    expect(attempts).toBe(MAX_ATTEMPTS);
    expect(await world.jobs.find(image)).toMatchObject({
      status: "rejected",
      reason: { code: "processing-failed", message: expect.stringContaining("many times") },
    });
    expect(await world.storedKeys(image.imageId)).toEqual([]);
  });

  it("has its end told again for each reminder, and for no mere duplicate", async () => {
    const image = await world.upload(jpeg);
    const reminder = structuredClone(image.event);
    reminder.detail.data.reminder = 1;
    expect(await world.worker()(messages(image.event, image.event))).toEqual(succeeded);
    const before = await world.item(image);
    await world.worker()(messages(image.event));
    expect(await world.item(image)).toEqual(before);
    await world.worker()(messages(reminder));
    const after = await world.item(image);
    const told = (change: Pick<Change, "before" | "after">) =>
      toEvents({ kind: "MODIFY", expired: false, ...change });
    expect(told({ before, after })).toEqual(told({ before: undefined, after }));
    expect(told({ before, after })).toMatchObject([{ detailType: "ImageProcessed" }]);
    await world.deleter(messages(world.deletion(image)));
    const buried = await world.item(image);
    expect(await world.worker()(messages(reminder))).toEqual(succeeded);
    expect(await world.item(image)).toEqual(buried);
  });

  it("goes back to its queue when something of ours fails, and counts the next attempt", async () => {
    const image = await world.upload(jpeg);
    const failing = world.worker(() => Promise.reject(new Error("S3 is down")));
    expect((await failing(messages(image.event))).batchItemFailures).toHaveLength(1);
    expect(await world.jobs.find(image)).toMatchObject({ status: "processing", attempts: 1 });
    world.clock.now += 1_000;
    expect(await world.worker()(messages(image.event))).toEqual(succeeded);
    expect(await world.jobs.find(image)).toMatchObject({
      status: "processed",
      attempts: 2,
      startedAt: new Date(NOON).toISOString(),
      finishedAt: new Date(NOON + 1_000).toISOString(),
    });
    world.clock.now = NOON;
  });

  it("told twice is processed once", async () => {
    const image = await world.upload(jpeg);
    await world.worker()(messages(image.event));
    const before = await world.item(image);
    let runs = 0;
    const counting = world.worker((run) => {
      runs += 1;
      return run();
    });
    expect(await counting(messages(image.event, image.event))).toEqual(succeeded);
    expect(runs).toBe(0);
    expect(await world.item(image)).toEqual(before);
    expect(await world.storedKeys(image.imageId)).toEqual(keysOf(image.imageId));
  });

  it("told to two workers at the same time ends once, with all renditions", async () => {
    const image = await world.upload(jpeg);
    const both = await Promise.all([
      world.worker()(messages(image.event)),
      world.worker()(messages(image.event)),
    ]);
    expect(both).toEqual([succeeded, succeeded]);
    expect(await world.jobs.find(image)).toMatchObject({ status: "processed" });
    expect(await world.storedKeys(image.imageId)).toEqual(keysOf(image.imageId));
  });

  it("rejected on its second attempt keeps nothing of what the first one wrote", async () => {
    const image = await world.upload(jpeg);
    const dying = world.worker(async (run) => {
      await run();
      throw new Error("killed before the end was written");
    });
    await dying(messages(image.event));
    expect(await world.storedKeys(image.imageId)).toEqual(keysOf(image.imageId));
    await world.s3.send(
      new DeleteObjectCommand({ Bucket: "originals", Key: image.key, VersionId: image.versionId }),
    );
    await world.worker()(messages(image.event));
    expect(await world.jobs.find(image)).toMatchObject({ status: "rejected", attempts: 2 });
    expect(await world.storedKeys(image.imageId)).toEqual([]);
  });
});

describe("a deletion", () => {
  it("removes the renditions and all that was known, and confirms", async () => {
    const image = await world.upload(jpeg);
    await world.worker()(messages(image.event));
    expect(await world.deleter(messages(world.deletion(image)))).toEqual(succeeded);
    expect(await world.storedKeys(image.imageId)).toEqual([]);
    const at = new Date(NOON).toISOString();
    expect(await world.item(image)).toEqual({
      PK: "userId#ann",
      SK: `imageId#${image.imageId}`,
      imageId: image.imageId,
      ownerId: "ann",
      status: "deleted",
      correlationId: "correlation-1",
      causationId: world.deletion(image).detail.metadata.eventId,
      deletedAt: at,
      renditionsDeletedAt: at,
      confirmedAt: at,
      confirmations: 1,
      ttl: NOON / 1000 + 30 * 86_400,
    });
  });

  it("told again confirms again, without forgetting when it happened", async () => {
    const image = { imageId: newImageId(NOON), ownerId: "ann" };
    await world.deleter(messages(world.deletion(image)));
    world.clock.now += 60_000;
    await world.deleter(messages(world.deletion(image)));
    world.clock.now = NOON;
    expect(await world.jobs.find(image)).toMatchObject({
      confirmations: 2,
      deletedAt: new Date(NOON).toISOString(),
      renditionsDeletedAt: new Date(NOON).toISOString(),
      confirmedAt: new Date(NOON + 60_000).toISOString(),
    });
  });

  it("before the upload is told wins: nothing is processed, and nothing comes back by a replay", async () => {
    const image = await world.upload(jpeg);
    await world.deleter(messages(world.deletion(image)));
    for (const _ of [1, 2]) {
      expect(await world.worker()(messages(image.event))).toEqual(succeeded);
      expect(await world.jobs.find(image)).toMatchObject({ status: "deleted" });
      expect(await world.storedKeys(image.imageId)).toEqual([]);
    }
  });

  it("before, between and after the writes of a worker leaves nothing behind", async () => {
    const image = await world.upload(jpeg);
    const overtaken = world.worker(async (run) => {
      const outcome = await run();
      await world.deleter(messages(world.deletion(image)));
      // As if one of the writes had been late.
      const late = { Bucket: "processed", Key: `${renditionPrefix(image.imageId)}thumb.webp` };
      await world.s3.send(new PutObjectCommand({ ...late, Body: "late" }));
      return outcome;
    });
    expect(await overtaken(messages(image.event))).toEqual(succeeded);
    expect(await world.storedKeys(image.imageId)).toEqual([]);
    expect(await world.jobs.find(image)).toMatchObject({ status: "deleted", confirmations: 1 });
  });

  it("is made good by the redelivery when the worker died behind it", async () => {
    const image = await world.upload(jpeg);
    const dying = world.worker(async (run) => {
      await world.deleter(messages(world.deletion(image)));
      await run();
      throw new Error("killed");
    });
    expect((await dying(messages(image.event))).batchItemFailures).toHaveLength(1);
    expect(await world.storedKeys(image.imageId)).toEqual(keysOf(image.imageId));
    expect(await world.worker()(messages(image.event))).toEqual(succeeded);
    expect(await world.storedKeys(image.imageId)).toEqual([]);
  });

  it("goes over all pages of a listing and leaves the neighbours", async () => {
    const neighbour = await world.upload(jpeg);
    const image = await world.upload(jpeg);
    await world.worker()(messages(neighbour.event, image.event));
    world.pageSize.value = 2;
    await world.renditions.removeAll(image.imageId);
    world.pageSize.value = undefined;
    expect(await world.storedKeys(image.imageId)).toEqual([]);
    expect(await world.storedKeys(neighbour.imageId)).toEqual(keysOf(neighbour.imageId));
  });
});

describe("GET /v1/processing/{imageId}", () => {
  it("200: a processed job, and nothing more than the contract says", async () => {
    const image = await world.upload(jpeg);
    await world.worker()(messages(image.event));
    const { status, body } = await world.get(`/v1/processing/${image.imageId}`);
    expect(status).toBe(200);
    const at = new Date(NOON).toISOString();
    expect(body).toEqual({
      imageId: image.imageId,
      status: "processed",
      attempts: 1,
      startedAt: at,
      finishedAt: at,
      steps: ["fetch", "scan", "identify", "decode", "describe", "render", "store"].map((name) => ({
        name,
        ms: expect.any(Number),
      })),
    });
  });

  it("200: a rejected job with its reason, and one that is under way", async () => {
    const rejected = await world.upload(Buffer.from("no picture"));
    const failing = await world.upload(jpeg);
    await world.worker()(messages(rejected.event));
    await world.worker(() => Promise.reject(new Error("down")))(messages(failing.event));
    expect((await world.get(`/v1/processing/${rejected.imageId}`)).body).toMatchObject({
      status: "rejected",
      reason: { code: "type-mismatch", message: expect.stringMatching(/declared/) },
    });
    expect((await world.get(`/v1/processing/${failing.imageId}`)).body).toEqual({
      imageId: failing.imageId,
      status: "processing",
      attempts: 1,
      steps: [],
      startedAt: new Date(NOON).toISOString(),
    });
  });

  it("404: unknown, somebody else's, deleted", async () => {
    const image = await world.upload(jpeg);
    await world.worker()(messages(image.event));
    expect((await world.get(`/v1/processing/${newImageId(NOON)}`)).status).toBe(404);
    const others = await world.get(`/v1/processing/${image.imageId}`, "bob");
    expect(others.status).toBe(404);
    expect(others.body).toMatchObject({ type: "urn:shoebox:problem:not-found", status: 404 });
    await world.deleter(messages(world.deletion(image)));
    expect((await world.get(`/v1/processing/${image.imageId}`)).status).toBe(404);
  });

  it("404: what can't be an image id; 401: nobody", async () => {
    for (const id of ["x", "imageId%23x", "00000000-0000-4000-8000-000000000000"]) {
      expect((await world.get(`/v1/processing/${id}`)).status).toBe(404);
    }
    expect((await world.get(`/v1/processing/${newImageId(NOON)}`, "")).status).toBe(401);
  });
});

describe("POST /v1/processing/{imageId}/retry", () => {
  const MINUTE = 60_000;
  /** What upload publishes when it is asked for the image again. */
  const again = (image: { event: Awaited<ReturnType<typeof world.upload>>["event"] }) => {
    const reminder = structuredClone(image.event);
    reminder.detail.data.reminder = 1;
    return messages(reminder);
  };
  /** A picture that 25 attempts could not process. */
  async function givenUp() {
    const image = await world.upload(jpeg);
    const dying = world.worker(() => Promise.reject(new Error("the scanner is down")));
    for (let n = 0; n <= MAX_ATTEMPTS; n++) await dying(messages(image.event));
    expect(await world.jobs.find(image)).toMatchObject({ reason: { code: "processing-failed" } });
    return image;
  }
  const facts = (before: Change["before"], after: Change["after"]) =>
    toEvents({ kind: "MODIFY", before, after, expired: false });

  it("202: asks upload for the picture once more, which then becomes ready, newer than its rejection", async () => {
    const image = await givenUp();
    const rejected = await world.item(image);
    const { status, body } = await world.retry(image);
    expect(status).toBe(202);
    expect(body).toEqual({
      imageId: image.imageId,
      status: "processing",
      attempts: MAX_ATTEMPTS + 1,
      retries: 1,
      steps: [],
      startedAt: new Date(NOON).toISOString(),
    });
    const asked = await world.item(image);
    expect(facts(rejected, asked)).toMatchObject([
      {
        detailType: "ProcessingRequested",
        detail: {
          metadata: { correlationId: "request-1" },
          data: { imageId: image.imageId, ownerId: "ann", retry: 1 },
        },
      },
    ]);
    expect((await world.get(`/v1/processing/${image.imageId}`)).body).toEqual(body);
    expect(await world.worker()(again(image))).toEqual(succeeded);
    const processed = await world.item(image);
    expect(facts(asked, processed)).toMatchObject([
      { detailType: "ImageProcessed", detail: { data: { retry: 1, width: 400 } } },
    ]);
    expect(await world.storedKeys(image.imageId)).toEqual(keysOf(image.imageId));
  });

  it("gives as many attempts as the first time, and a second rejection is another fact than the first", async () => {
    const image = await givenUp();
    const first = facts({ status: "processing" }, await world.item(image));
    await world.retry(image);
    const dying = world.worker(() => Promise.reject(new Error("still down")));
    for (let n = 0; n < MAX_ATTEMPTS; n++) {
      expect((await dying(again(image))).batchItemFailures).toHaveLength(1);
    }
    expect(await dying(again(image))).toEqual(succeeded);
    const second = facts({ status: "processing" }, await world.item(image));
    expect(second).toMatchObject([{ detailType: "ImageRejected", detail: { data: { retry: 1 } } }]);
    expect(second[0]?.detail.metadata.eventId).not.toBe(first[0]?.detail.metadata.eventId);
  });

  it("202 for one that no attempt ends, 409 while an attempt may be at work or was just asked for", async () => {
    const image = await world.upload(jpeg);
    await world.worker(() => Promise.reject(new Error("killed")))(messages(image.event));
    expect(await world.retry(image)).toMatchObject({
      status: 409,
      body: { detail: "The picture is being processed right now." },
    });
    world.clock.now += MINUTE;
    expect((await world.retry(image)).status).toBe(202);
    expect((await world.retry(image)).status).toBe(409);
    world.clock.now = NOON;
    // The dead letter that was redriven meanwhile counts for the retry.
    await world.worker()(messages(image.event));
    expect(await world.item(image)).toMatchObject({ status: "processed", retries: 1, attempts: 2 });
  });

  it("409: what is processed, what lies in the picture itself, and what was tried too often", async () => {
    const done = await world.upload(jpeg);
    const broken = await world.upload(jpeg.subarray(0, 500));
    await world.worker()(messages(done.event, broken.event));
    const before = [await world.item(done), await world.item(broken)];
    expect(await world.retry(done)).toMatchObject({
      status: 409,
      body: { type: "urn:shoebox:problem:conflict", detail: "The picture is processed already." },
    });
    expect(await world.retry(broken)).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/end the same\. The file is damaged/) },
    });
    expect([await world.item(done), await world.item(broken)]).toEqual(before);
    const stuck = await world.upload(jpeg);
    await world.worker(() => Promise.reject(new Error("killed")))(messages(stuck.event));
    for (let n = 1; n <= MAX_RETRIES; n++) {
      world.clock.now += MINUTE;
      expect((await world.retry(stuck)).body).toMatchObject({ retries: n });
    }
    world.clock.now += MINUTE;
    expect(await world.retry(stuck)).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/again 10 times/) },
    });
    world.clock.now = NOON;
  });

  it("404: unknown, somebody else's, deleted; 401: nobody", async () => {
    const image = await givenUp();
    const before = await world.item(image);
    expect((await world.retry({ imageId: newImageId(NOON) })).status).toBe(404);
    expect((await world.retry({ imageId: "x" })).status).toBe(404);
    expect((await world.retry(image, "bob")).status).toBe(404);
    expect((await world.retry(image, "")).status).toBe(401);
    expect(await world.item(image)).toEqual(before);
    await world.deleter(messages(world.deletion(image)));
    expect((await world.retry(image)).status).toBe(404);
  });

  it("the same Idempotency-Key gets the same answer, and asks once", async () => {
    const image = await givenUp();
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const first = await world.retry(image, "ann", headers);
    expect(first.status).toBe(202);
    expect(await world.retry(image, "ann", headers)).toEqual(first);
    expect(await world.item(image)).toMatchObject({ retries: 1 });
    const other = await givenUp();
    expect((await world.retry(other, "ann", headers)).status).toBe(422);
  });

  it("a deletion wins over it", async () => {
    const image = await givenUp();
    await world.retry(image);
    await world.deleter(messages(world.deletion(image)));
    expect(await world.worker()(again(image))).toEqual(succeeded);
    expect(await world.item(image)).toMatchObject({ status: "deleted" });
    expect(await world.item(image)).not.toHaveProperty("retries");
    expect(await world.storedKeys(image.imageId)).toEqual([]);
  });
});
