import { newImageId } from "@shoebox/shared/ids";
import type { Change } from "@shoebox/shared/messaging/relay";
import { describe, expect, it } from "vitest";
import type { Upload } from "./domain/session.ts";
import { toEvents } from "./publish.ts";

const now = Date.UTC(2026, 10, 22, 12);
const upload: Upload = {
  ownerId: "ann",
  imageId: newImageId(now),
  contentType: "image/jpeg",
  size: 1000,
  fileName: "harbour.jpg",
  tags: ["sea"],
  caption: "Evening",
  visibility: "public",
  takenAt: "2026-11-01T10:00:00.000Z",
  expiresAt: now + 300_000,
  correlationId: "request-1",
};
const keys = { PK: "userId#ann", SK: `imageId#${upload.imageId}`, ttl: 1 };
const awaiting = { ...keys, ...upload, status: "awaiting" };
const uploaded = {
  ...awaiting,
  status: "uploaded",
  bucket: "originals",
  versionId: "v1",
  verifiedAt: now + 5000,
};
const rejected = {
  ...awaiting,
  status: "rejected",
  reason: { code: "size-mismatch", message: "…" },
  rejectedAt: now + 5000,
};
const deleted = (confirmations: number) => ({
  ...keys,
  status: "deleted",
  ownerId: "ann",
  imageId: upload.imageId,
  originalDeletedAt: now + 9000,
  confirmations,
  correlationId: "request-2",
});
const change = (before: Change["before"], after: Change["after"]): Change => ({
  kind: before ? (after ? "MODIFY" : "REMOVE") : "INSERT",
  before,
  after,
  expired: false,
});

describe("the facts of the upload service", () => {
  it("tell of an accepted upload all that was announced, and the version that was verified", () => {
    const [event, ...others] = toEvents(change(awaiting, uploaded));
    expect(others).toEqual([]);
    expect(event).toMatchObject({ source: "shoebox.upload", detailType: "ImageUploaded" });
    expect(event?.detail.metadata).toMatchObject({
      correlationId: "request-1",
      occurredAt: "2026-11-22T12:00:05.000Z",
      producer: "upload",
    });
    expect(event?.detail.data).toEqual({
      imageId: upload.imageId,
      ownerId: "ann",
      bucket: "originals",
      key: `originals/YW5u/${upload.imageId}.jpg`,
      versionId: "v1",
      contentType: "image/jpeg",
      size: 1000,
      fileName: "harbour.jpg",
      tags: ["sea"],
      caption: "Evening",
      visibility: "public",
      takenAt: "2026-11-01T10:00:00.000Z",
      uploadedAt: "2026-11-22T12:00:00.000Z",
    });
  });

  it("tell of a rejected upload why", () => {
    const events = toEvents(change(awaiting, rejected));
    expect(events.map((event) => [event.detailType, event.detail.data])).toEqual([
      ["UploadRejected", { imageId: upload.imageId, ownerId: "ann", reason: rejected.reason }],
    ]);
  });

  it("tell of a deleted original, once for each confirmation, by one id and the deletion's correlation", () => {
    const [first] = toEvents(change(uploaded, deleted(1)));
    const [again] = toEvents(change(deleted(1), deleted(2)));
    expect(first?.detailType).toBe("OriginalDeleted");
    expect(first?.detail.metadata.correlationId).toBe("request-2");
    expect(again).toEqual(first);
  });

  it("tell of a deletion whose session was forgotten before", () => {
    expect(toEvents(change(undefined, deleted(1)))).toHaveLength(1);
  });

  it("have the same id when they are published again, and another for each image", () => {
    const id = (item: typeof uploaded) =>
      toEvents(change(awaiting, item))[0]?.detail.metadata.eventId;
    expect(id(uploaded)).toBe(id(uploaded));
    expect(id({ ...uploaded, imageId: newImageId(now) })).not.toBe(id(uploaded));
  });

  it.each<[string, Change]>([
    ["a session that begins", change(undefined, awaiting)],
    ["a session that is aborted", change(awaiting, { ...awaiting, status: "aborted" })],
    ["a session that expires", change(awaiting, { ...awaiting, status: "expired" })],
    ["a quota", change(undefined, { PK: "userId#ann", SK: "quota", bytes: 1, images: 1 })],
    ["the content of an image", change(undefined, { PK: "userId#ann", SK: "sha256#a#b" })],
    ["a session that TTL removes", { ...change(awaiting, undefined), expired: true }],
    ["a tombstone that TTL removes", { ...change(deleted(1), undefined), expired: true }],
    [
      "an accepted session that changes in something else",
      change(uploaded, { ...uploaded, ttl: 2 }),
    ],
    ["a confirmed deletion that changes in something else", change(deleted(1), deleted(1))],
    [
      "an idempotency record",
      change(undefined, { PK: "idempotency#userId#ann", SK: "key#1", fingerprint: "f" }),
    ],
  ])("are none for %s", (_, nothing) => {
    expect(toEvents(nothing)).toEqual([]);
  });

  it("are not made up from an item that nobody can read", () => {
    expect(() => toEvents(change(awaiting, { ...uploaded, versionId: undefined }))).toThrow();
  });
});
