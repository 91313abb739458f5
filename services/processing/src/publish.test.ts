import { newImageId } from "@shoebox/shared/ids";
import type { Change } from "@shoebox/shared/messaging/relay";
import { describe, expect, it } from "vitest";
import { toEvents } from "./publish.ts";

const imageId = newImageId(Date.parse("2026-11-01T00:00:00Z"));
const common = {
  PK: "userId#ann",
  SK: `imageId#${imageId}`,
  imageId,
  ownerId: "ann",
  correlationId: "correlation-1",
  causationId: "5b9f6c4e-0000-8000-8000-000000000000",
};
const processing = {
  ...common,
  status: "processing",
  attempts: 2,
  startedAt: "2026-11-01T00:00:01.000Z",
};
const finished = {
  ...processing,
  finishedAt: "2026-11-01T00:00:02.000Z",
  steps: [{ name: "fetch", ms: 1.5 }],
};
const processed = {
  ...finished,
  status: "processed",
  width: 640,
  height: 480,
  thumbHash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
  color: "#aabbcc",
  gps: { latitude: 1.5, longitude: 2.5 },
  renditions: [
    {
      name: "thumb",
      format: "webp",
      width: 150,
      height: 150,
      size: 9,
      key: `renditions/${imageId}/thumb.webp`,
    },
  ],
};
const rejected = {
  ...finished,
  status: "rejected",
  reason: { code: "undecodable", message: "It is damaged." },
};
const tombstone = {
  ...common,
  status: "deleted",
  deletedAt: "2026-11-01T00:01:00.000Z",
  ttl: 1_800_000_000,
};
const confirmed = (confirmations: number) => ({
  ...tombstone,
  confirmations,
  renditionsDeletedAt: "2026-11-01T00:01:01.000Z",
  confirmedAt: `2026-11-01T00:01:0${confirmations}.000Z`,
});

const change = (before: object | undefined, after: object | undefined): Change => ({
  kind: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY",
  before: before as Change["before"],
  after: after as Change["after"],
  expired: false,
});

describe("what a change of the table means", () => {
  it("nothing, while a job begins or begins again", () => {
    expect(toEvents(change(undefined, { ...processing, attempts: 1 }))).toEqual([]);
    expect(toEvents(change({ ...processing, attempts: 1 }, processing))).toEqual([]);
  });

  it("ProcessingRequested, once for each time that a job is asked for again", () => {
    const asked = { ...processing, retries: 1, activeAt: "2026-11-01T00:00:03.000Z" };
    const [event, ...more] = toEvents(change(rejected, asked));
    expect(more).toEqual([]);
    expect(event?.detailType).toBe("ProcessingRequested");
    expect(event?.detail.data).toEqual({ imageId, ownerId: "ann", retry: 1, shown: false });
    expect(event?.detail.metadata.occurredAt).toBe(asked.activeAt);
    expect(toEvents(change(asked, { ...asked, attempts: 3 }))).toEqual([]);
    const [remade] = toEvents(change(processed, asked));
    expect(remade?.detail.data).toMatchObject({ shown: true });
    const [second] = toEvents(change(asked, { ...asked, retries: 2 }));
    expect(second?.detail.metadata.eventId).not.toBe(event?.detail.metadata.eventId);
  });

  it("ImageProcessed with the facts, and nothing of the table's own", () => {
    const [event, ...more] = toEvents(change(processing, processed));
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      source: "shoebox.processing",
      detailType: "ImageProcessed",
      detail: {
        metadata: {
          occurredAt: processed.finishedAt,
          correlationId: "correlation-1",
          causationId: common.causationId,
          producer: "processing",
        },
      },
    });
    expect(event?.detail.data).toEqual({
      imageId,
      ownerId: "ann",
      width: 640,
      height: 480,
      thumbHash: processed.thumbHash,
      color: "#aabbcc",
      gps: processed.gps,
      renditions: processed.renditions,
    });
  });

  it("ImageRejected with its reason", () => {
    const [event] = toEvents(change(processing, rejected));
    expect(event?.detailType).toBe("ImageRejected");
    expect(event?.detail.data).toEqual({ imageId, ownerId: "ann", reason: rejected.reason });
  });

  it("RenditionsDeleted for each confirmation, and not for the tombstone alone", () => {
    expect(toEvents(change(processed, tombstone))).toEqual([]);
    expect(toEvents(change(undefined, tombstone))).toEqual([]);
    const [first] = toEvents(change(tombstone, confirmed(1)));
    expect(first?.detailType).toBe("RenditionsDeleted");
    expect(first?.detail.data).toEqual({ imageId, ownerId: "ann" });
    expect(toEvents(change(confirmed(1), { ...confirmed(1), ttl: 1_900_000_000 }))).toEqual([]);
    const [second] = toEvents(change(confirmed(1), confirmed(2)));
    expect(second?.detailType).toBe("RenditionsDeleted");
    expect(second?.detail.metadata.eventId).not.toBe(first?.detail.metadata.eventId);
  });

  it("nothing, when a tombstone expires", () => {
    expect(toEvents({ ...change(confirmed(1), undefined), expired: true })).toEqual([]);
  });

  it("the same fact has the same event id whenever it is relayed", () => {
    for (const [before, after] of [
      [processing, processed],
      [processing, rejected],
      [tombstone, confirmed(1)],
    ] as const) {
      expect(toEvents(change(before, after))).toEqual(toEvents(change(before, after)));
    }
  });

  it("a job that can not be read is an error, not silence", () => {
    const broken = { PK: "userId#ann", SK: "imageId#x" };
    expect(() => toEvents(change(undefined, broken))).toThrow();
  });
});
