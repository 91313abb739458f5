import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { ImageDeleted } from "@shoebox/shared/events/catalog";
import { newImageId } from "@shoebox/shared/ids";
import { originalKey } from "@shoebox/shared/image";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formExpiry, type Upload } from "../domain/session.ts";
import { DONE, deliver, FAILED, jpeg, startUploads, type Uploads } from "../upload.testkit.ts";
import { onImageDeleted } from "./image-deleted.ts";

let uploads: Uploads;
beforeAll(async () => {
  uploads = await startUploads();
});
afterAll(() => uploads.close());

/** An image of Ann's that was uploaded and has `versions` objects under its key. */
async function image(versions = 1) {
  const now = uploads.deps.now();
  const ref = { ownerId: "ann", imageId: newImageId(now) };
  const key = originalKey("ann", ref.imageId, "image/jpeg");
  const upload: Upload = {
    ...ref,
    contentType: "image/jpeg",
    size: 10,
    sha256: "c2hhMjU2",
    tags: ["sea"],
    caption: "Evening",
    fileName: "harbour.jpg",
    visibility: "private",
    expiresAt: formExpiry(now),
    correlationId: "request-1",
  };
  await uploads.deps.sessions.open([upload], uploads.deps.quota);
  for (let n = 0; n < versions; n += 1) await put(key);
  const [versionId = ""] = await uploads.versions(key);
  await uploads.end(ref, {
    status: "uploaded",
    bucket: "originals",
    versionId,
    verifiedAt: now,
  });
  return { ...ref, key };
}

const put = (Key: string) =>
  uploads.objects.send(new PutObjectCommand({ Bucket: uploads.bucket, Key, Body: jpeg(10) }));

/** A deletion that names no version only adds a delete marker. */
const mark = (Key: string) =>
  uploads.objects.send(new DeleteObjectCommand({ Bucket: uploads.bucket, Key }));

const erase = (target: { ownerId: string; imageId: string; key: string }, deps = uploads.deps) =>
  deliver(
    onImageDeleted(deps),
    ImageDeleted.make(
      {
        eventId: "0198c1a2-7b3c-7def-8123-456789abcdef",
        occurredAt: "2026-11-22T12:00:00.000Z",
        correlationId: "request-2",
      },
      {
        imageId: target.imageId,
        ownerId: target.ownerId,
        key: target.key,
        version: 3,
        deletedAt: "2026-11-22T12:00:00.000Z",
        uploadedAt: "2026-11-22T11:00:00.000Z",
      },
    ),
  );

const tombstone = (ref: { ownerId: string; imageId: string }) =>
  uploads.deps.sessions.load(ref, uploads.deps.now());

describe("a deleted image", () => {
  it("loses every version and every delete marker of its original, and no other object", async () => {
    const target = await image(3);
    await mark(target.key);
    const neighbour = `${target.key}.bak`;
    await put(neighbour);
    expect(await uploads.versions(target.key)).toHaveLength(5);
    expect(await erase(target)).toEqual(DONE);
    expect(await uploads.versions(target.key)).toEqual(await uploads.versions(neighbour));
    expect(await uploads.versions(neighbour)).toHaveLength(1);
  });

  it("loses them also when there are more of them than one listing tells", async () => {
    const target = await image();
    // A listing tells of 1000 versions at most.
    const neighbour = `${target.key}.bak`;
    for (let n = 0; n < 10; n += 1) {
      await Promise.all(Array.from({ length: 101 }, () => mark(target.key)));
    }
    await put(neighbour);
    expect(await erase(target)).toEqual(DONE);
    expect(await uploads.versions(target.key)).toEqual(await uploads.versions(neighbour));
    expect(await uploads.versions(neighbour)).toHaveLength(1);
  });

  it("leaves a tombstone that knows nothing of the picture any more", async () => {
    const target = await image();
    await erase(target);
    const { ownerId, imageId } = target;
    expect(await tombstone(target)).toEqual({
      status: "deleted",
      ownerId,
      imageId,
      originalDeletedAt: expect.any(Number),
      confirmations: 1,
      correlationId: "request-2",
    });
    const { Items = [] } = await scan(imageId);
    const attributes =
      "PK SK confirmations correlationId imageId originalDeletedAt ownerId status ttl";
    expect(Object.keys(Items[0] ?? {}).sort()).toEqual(attributes.split(" "));
  });

  it("is confirmed again each time it is asked for, with the time of the first deletion", async () => {
    const target = await image();
    await erase(target);
    const first = await tombstone(target);
    expect(await erase(target)).toEqual(DONE);
    expect(await tombstone(target)).toEqual({ ...first, confirmations: 2 });
  });

  it("is confirmed when its session was forgotten long ago", async () => {
    const imageId = newImageId(0);
    const target = { ownerId: "ann", imageId, key: originalKey("ann", imageId, "image/png") };
    await put(target.key);
    expect(await erase(target)).toEqual(DONE);
    expect(await uploads.versions(target.key)).toEqual([]);
    expect(await tombstone(target)).toMatchObject({ status: "deleted", confirmations: 1 });
  });

  it("is not confirmed before its objects are gone", async () => {
    const target = await image();
    const failing = {
      ...uploads.deps,
      originals: {
        ...uploads.deps.originals,
        deleteAll: () => Promise.reject(new Error("the store is down")),
      },
    };
    expect(await erase(target, failing)).toEqual(FAILED);
    expect((await tombstone(target))?.status).toBe("uploaded");
    expect(await erase(target)).toEqual(DONE);
    expect((await tombstone(target))?.status).toBe("deleted");
  });

  it("never takes another image's objects with it", async () => {
    const target = await image();
    const other = await image();
    expect(await erase({ ...target, key: other.key })).toEqual(FAILED);
    expect(await erase({ ...target, ownerId: "bob" })).toEqual(FAILED);
    expect(await erase({ ...target, key: "originals/" })).toEqual(FAILED);
    expect(await uploads.versions(other.key)).toHaveLength(1);
    expect(await uploads.versions(target.key)).toHaveLength(1);
  });
});

function scan(imageId: string) {
  return uploads.tables.send(
    new ScanCommand({
      TableName: uploads.table,
      FilterExpression: "imageId = :imageId",
      ExpressionAttributeValues: { ":imageId": imageId },
    }),
  );
}
