import { holdItems } from "@shoebox/shared/aws/transaction.testkit";
import { ImageDeleted } from "@shoebox/shared/events/catalog";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { onImageDeleted } from "../consumers/image-deleted.ts";
import { onObjectCreated } from "../consumers/object-created.ts";
import { GRACE } from "../domain/session.ts";
import { expireSessions } from "../jobs/expire-sessions.ts";
import { DONE, deliver, jpeg, sendForm, startUploads, type Uploads } from "../upload.testkit.ts";

let uploads: Uploads;
beforeAll(async () => {
  uploads = await startUploads();
  Object.assign(uploads.deps.quota, { bytes: 5000, images: 4 });
});
afterAll(() => uploads.close());

let users = 0;
/** Each test has a user, and so a quota, of its own. */
function newUser() {
  users += 1;
  const name = `user${users}`;
  return {
    name,
    begin: (size: number, more = {}) =>
      uploads.call(name, "POST", "/v1/uploads", { contentType: "image/jpeg", size, ...more }),
    used: async () => {
      const { body } = await uploads.call(name, "GET", "/v1/uploads/quota");
      return [body.bytes.used, body.images.used];
    },
  };
}

const arrive = async (key: string, count = 1) =>
  deliver(onObjectCreated(uploads.deps), await uploads.reported(key, count));

const erase = (ownerId: string, imageId: string, key: string) =>
  deliver(
    onImageDeleted(uploads.deps),
    ImageDeleted.make(
      {
        eventId: "0198c1a2-7b3c-7def-8123-456789abcdef",
        occurredAt: "2026-11-22T12:00:00.000Z",
        correlationId: "request-2",
      },
      {
        imageId,
        ownerId,
        key,
        version: 3,
        deletedAt: "2026-11-22T12:00:00.000Z",
        uploadedAt: "2026-11-22T11:00:00.000Z",
      },
    ),
  );

describe("a user's quota", () => {
  it("is told, and taken from when an upload begins", async () => {
    const user = newUser();
    const quota = await uploads.call(user.name, "GET", "/v1/uploads/quota");
    expect(quota.body).toEqual({ bytes: { used: 0, limit: 5000 }, images: { used: 0, limit: 4 } });
    await user.begin(1000);
    expect(await user.used()).toEqual([1000, 1]);
    expect(await newUser().used()).toEqual([0, 0]);
  });

  it("can be used to the last byte and the last image, and no further", async () => {
    const user = newUser();
    expect((await user.begin(4999)).status).toBe(201);
    const { status, body } = await user.begin(2);
    expect(status).toBe(409);
    expect(body).toMatchObject({
      type: "urn:shoebox:problem:quota-exceeded",
      detail: "1 of 5000 bytes and 3 of 4 images are left.",
      quota: { bytes: { used: 4999, limit: 5000 }, images: { used: 1, limit: 4 } },
    });
    expect((await user.begin(1)).status).toBe(201);
    expect(await user.used()).toEqual([5000, 2]);

    const many = newUser();
    for (let n = 0; n < 4; n++) expect((await many.begin(1)).status).toBe(201);
    expect((await many.begin(1)).body.detail).toContain("0 of 4 images");
    expect((await newUser().begin(5001)).status).toBe(409);
  });

  it("is never exceeded by requests at the same time", async () => {
    const user = newUser();
    const answers = await Promise.all(Array.from({ length: 12 }, () => user.begin(1500)));
    const begun = answers.filter(({ status }) => status === 201);
    expect(begun).toHaveLength(3);
    expect(await user.used()).toEqual([4500, 3]);
  });

  it("is taken and given back once although another request holds it at that moment", async () => {
    const { name, begin, used } = newUser();
    const held = holdItems(uploads.tables, "TransactWriteItemsCommand", 2);
    onTestFinished(held.release);
    const { status, body } = await begin(1000);
    expect([status, held.writes(), await used()]).toEqual([201, 3, [1000, 1]]);
    held.release();
    const again = holdItems(uploads.tables, "TransactWriteItemsCommand", 1);
    onTestFinished(again.release);
    const called = await uploads.call(name, "DELETE", `/v1/uploads/${body.imageId}`);
    expect([called.status, again.writes(), await used()]).toEqual([204, 2, [0, 0]]);
  });

  it("is given back when an upload is called off, once", async () => {
    const user = newUser();
    const { body } = await user.begin(1000);
    await user.begin(1000);
    const abort = () => uploads.call(user.name, "DELETE", `/v1/uploads/${body.imageId}`);
    await Promise.all([abort(), abort(), abort()]);
    expect(await user.used()).toEqual([1000, 1]);
  });

  it("is given back when an upload is rejected, once", async () => {
    const user = newUser();
    const { body } = await user.begin(1000);
    await sendForm(body, Buffer.alloc(1000));
    await arrive(body.fields.key);
    await arrive(body.fields.key);
    expect(await user.used()).toEqual([0, 0]);
  });

  it("is given back when an upload expires, once, however often the job runs", async () => {
    const user = newUser();
    await user.begin(1000);
    uploads.clock.ahead = 301_000 + GRACE;
    expect(await user.used()).toEqual([1000, 1]);
    const job = () => expireSessions({ ...uploads.deps, log: uploads.log });
    await Promise.all([job(), job()]);
    await job();
    expect(await user.used()).toEqual([0, 0]);
    uploads.clock.ahead = 0;
  });

  it("is held by an image until it is deleted, and given back once, however often that is told", async () => {
    const user = newUser();
    const { body } = await user.begin(1000);
    await sendForm(body, jpeg(1000));
    await arrive(body.fields.key);
    expect(await user.used()).toEqual([1000, 1]);
    const { imageId } = body;
    const { key } = body.fields;
    const answers = await Promise.all([1, 2, 3].map(() => erase(user.name, imageId, key)));
    expect(answers).toEqual([DONE, DONE, DONE]);
    await erase(user.name, imageId, key);
    expect(await user.used()).toEqual([0, 0]);
    expect(await uploads.session({ ownerId: user.name, imageId })).toMatchObject({
      status: "deleted",
      confirmations: 4,
    });
  });

  it("knows nothing of a deleted image whose session was called off or forgotten before", async () => {
    const user = newUser();
    const { body } = await user.begin(1000);
    await uploads.call(user.name, "DELETE", `/v1/uploads/${body.imageId}`);
    await erase(user.name, body.imageId, body.fields.key);
    expect(await user.used()).toEqual([0, 0]);
  });
});
