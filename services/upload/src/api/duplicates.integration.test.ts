import { createHash } from "node:crypto";
import { ImageDeleted } from "@shoebox/shared/events/catalog";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onImageDeleted } from "../consumers/image-deleted.ts";
import { onObjectCreated } from "../consumers/object-created.ts";
import { deliver, jpeg, sendForm, startUploads, type Uploads } from "../upload.testkit.ts";

let uploads: Uploads;
beforeAll(async () => {
  uploads = await startUploads();
});
afterAll(() => uploads.close());

const bytesOf = (seed: number) => jpeg(1000, seed);
const shaOf = (seed: number) => createHash("sha256").update(bytesOf(seed)).digest("hex");
const begin = (seed: number, ifDuplicate?: string, user = "ann") =>
  uploads.call(user, "POST", "/v1/uploads", {
    contentType: "image/jpeg",
    size: 1000,
    sha256: shaOf(seed),
    ...(ifDuplicate && { ifDuplicate }),
  });

async function image(seed: number): Promise<{ imageId: string; key: string }> {
  const { body } = await begin(seed);
  const { key } = body.fields;
  await sendForm(body, bytesOf(seed));
  await deliver(onObjectCreated(uploads.deps), await uploads.reported(key));
  return { imageId: body.imageId, key };
}

const erase = ({ imageId, key }: { imageId: string; key: string }) =>
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
        ownerId: "ann",
        key,
        version: 3,
        deletedAt: "2026-11-22T12:00:00.000Z",
        uploadedAt: "2026-11-22T11:00:00.000Z",
      },
    ),
  );

describe("the same content twice", () => {
  it("makes two images unless the client asks for the first", async () => {
    const { imageId } = await image(1);
    const second = await begin(1);
    expect(second.status).toBe(201);
    const { status, body } = await begin(1, "return");
    expect([status, body]).toEqual([200, { imageId, duplicate: true }]);
    expect((await begin(1, "create")).status).toBe(201);
  });

  it("is nobody else's image, and takes nothing from the quota", async () => {
    const { imageId } = await image(2);
    expect((await begin(2, "return", "bob")).status).toBe(201);
    const before = await uploads.deps.sessions.usage("ann");
    expect((await begin(2, "return")).body.imageId).toBe(imageId);
    expect(await uploads.deps.sessions.usage("ann")).toEqual(before);
  });

  it("is not known before it was verified, nor what was called off", async () => {
    const { body } = await begin(3);
    expect((await begin(3, "return")).status).toBe(201);
    await uploads.call("ann", "DELETE", `/v1/uploads/${body.imageId}`);
    expect((await begin(3, "return")).status).toBe(201);
  });

  it("is forgotten with the image, and only with the last that has it", async () => {
    const first = await image(4);
    const second = await image(4);
    await erase(first);
    expect((await begin(4, "return")).body.imageId).toBe(second.imageId);
    await erase(second);
    await erase(second);
    expect((await begin(4, "return")).status).toBe(201);
  });

  it("is found for items of a batch as well", async () => {
    const { imageId } = await image(5);
    const announced = { contentType: "image/jpeg", size: 1000, ifDuplicate: "return" };
    const { body } = await uploads.call("ann", "POST", "/v1/uploads/batch", {
      uploads: [
        { ...announced, sha256: shaOf(5) },
        { ...announced, sha256: shaOf(6) },
      ],
    });
    expect(body.results[0]).toEqual({ status: 200, imageId, duplicate: true });
    expect(body.results[1].status).toBe(201);
  });
});
