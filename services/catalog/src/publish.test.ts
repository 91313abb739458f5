import {
  CatalogSnapshotPage,
  ImageCataloged,
  ImageDeleted,
  type ImageState,
  ImageUpdated,
} from "@shoebox/shared/events/catalog";
import type { DomainEvent } from "@shoebox/shared/events/define";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linkItem } from "./adapters/image-item.ts";
import { type SnapshotPage, toPageItem } from "./adapters/snapshot-page.ts";
import { toState, visible } from "./domain/image-record.ts";
import { history, key, play, type Step, upload } from "./history.testkit.ts";
import { toEvents } from "./publish.ts";

const events = (steps: Step[]) => play(steps).changes.flatMap(toEvents);
const is = (...names: Exclude<Step["is"], "edit" | "requested">[]): Step[] =>
  names.map((name) => ({ is: name }));
const types = (steps: Step[]) => events(steps).map((event) => event.detailType);

/** As every consumer of the catalog does: the newest version wins, whatever the order. */
function newestWins(facts: DomainEvent[]): { version: number; image?: ImageState } | undefined {
  let state: { version: number; image?: ImageState } | undefined;
  for (const { detail } of facts) {
    const data = detail.data as { image?: ImageState; version?: number };
    const version = data.image?.version ?? data.version ?? 0;
    if (version > (state?.version ?? 0)) state = { version, image: data.image };
  }
  return state;
}

interface Told {
  image?: ImageState;
  becameReady?: boolean;
}

describe("what the catalog publishes", () => {
  it("leads whoever applies the newest version to the true state, in any order", () => {
    const twice = (facts: DomainEvent[]) => [...facts, ...facts];
    const cases = history.chain((steps) =>
      fc.tuple(
        fc.constant(steps),
        fc.shuffledSubarray(twice(events(steps)), { minLength: events(steps).length * 2 }),
      ),
    );
    fc.assert(
      fc.property(cases, ([steps, delivered]) => {
        const image = visible(play(steps).record);
        const told = newestWins(delivered);
        expect(told?.image).toEqual(image && JSON.parse(JSON.stringify(toState(image))));
        if (image) expect(told?.version).toBe(image.version);
      }),
      { numRuns: 300 },
    );
  });

  it("begins with one ImageCataloged, goes on with growing versions and ends with the deletion", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const names = types(steps).join(" ");
        expect(names).toMatch(/^(ImageCataloged( ImageUpdated)*( ImageDeleted)*)?$/);
        const living = events(steps).filter(({ detailType }) => detailType !== "ImageDeleted");
        const versions = living.map(
          ({ detail }) => (detail.data as { image: ImageState }).image.version,
        );
        expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
      }),
      { numRuns: 300 },
    );
  });

  it("never says where a picture was taken, nor anything of an image nobody sees", () => {
    fc.assert(
      fc.property(history, (steps) => {
        expect(JSON.stringify(events(steps))).not.toContain("50.8");
      }),
    );
    expect(types(is("processed"))).toEqual([]);
    expect(types(is("rejected", "processed"))).toEqual([]);
  });

  it("says of each change that lets the picture be shown that it does, and of no other", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const told = events(steps).map(({ detail }) => detail.data as Told);
        let shown = false;
        for (const { image, becameReady = false } of told) {
          const ready = image?.status === "ready";
          expect(becameReady).toBe(ready && !shown);
          shown = ready;
        }
      }),
      { numRuns: 300 },
    );
  });

  it("says so once more only of a picture that was hidden in between", () => {
    const ready = (steps: Parameters<typeof events>[0]) =>
      events(steps).filter(({ detail }) => (detail.data as Told).becameReady).length;
    expect(ready(is("uploaded", "processed", "processed"))).toBe(1);
    const retried = [
      ...is("uploaded", "processed", "rejected"),
      { is: "requested" as const, retry: 1 },
      { is: "processed" as const, retry: 1 },
    ];
    expect(ready(retried)).toBe(2);
  });

  it("says once that an image is there, also when processing was heard of first", () => {
    expect(types(is("processed", "uploaded"))).toEqual(["ImageCataloged"]);
    expect(types(is("uploaded", "processed", "processed"))).toEqual([
      "ImageCataloged",
      "ImageUpdated",
    ]);
  });

  it("says of a deletion what there is to delete, with a version above all before", () => {
    const [, deletion] = events(is("uploaded", "delete"));
    expect(deletion?.detail.data).toEqual({
      ...key,
      version: 2,
      deletedAt: "1970-01-01T00:00:01.001Z",
      uploadedAt: "2026-05-01T12:00:00.000Z",
      key: upload.key,
    });
  });

  it("publishes a deletion again as the same fact, and nothing for confirmations", () => {
    const [, first, again, ...more] = events(
      is(
        "uploaded",
        "delete",
        "originalDeletedAt",
        "republish",
        "renditionsDeletedAt",
        "republish",
      ),
    );
    expect(again).toEqual(first);
    expect(more).toEqual([]);
  });

  it("gives one fact one id, however often it is published, and two facts two", () => {
    const steps: Step[] = [...is("uploaded", "processed"), { is: "edit", edit: { caption: "x" } }];
    const ids = (facts: DomainEvent[]) => facts.map(({ detail }) => detail.metadata.eventId);
    expect(ids(events(steps))).toEqual(ids(events(steps)));
    expect(new Set(ids(events(steps))).size).toBe(3);
  });

  it("says nothing when an item is touched without a new version", () => {
    const [change] = play(is("uploaded")).changes;
    const touched = { ...change?.after, filledIn: true };
    expect(
      toEvents({ kind: "MODIFY", before: change?.after, after: touched, expired: false }),
    ).toEqual([]);
  });

  it("carries the correlation id and the time of the change", () => {
    const [, update] = events(is("uploaded", "processed"));
    expect(update?.detail.metadata).toMatchObject({
      correlationId: "c-1001",
      occurredAt: "1970-01-01T00:00:01.001Z",
    });
  });

  it("parses as what it is declared to be", () => {
    const parsers = { ImageCataloged, ImageUpdated, ImageDeleted };
    for (const event of events(is("uploaded", "processed", "delete"))) {
      const envelope = {
        id: "1",
        source: event.source,
        "detail-type": event.detailType,
        time: "",
        detail: JSON.parse(JSON.stringify(event.detail)),
      };
      parsers[event.detailType as keyof typeof parsers].parse(envelope);
    }
    expect.assertions(0);
  });

  it("says nothing of tag links, idempotency records and what TTL removes", () => {
    const silent = [
      { kind: "INSERT" as const, before: undefined, after: linkItem(key, "beach"), expired: false },
      {
        kind: "INSERT" as const,
        before: undefined,
        after: { PK: "idempotency#ann", SK: "key#1" },
        expired: false,
      },
      {
        kind: "REMOVE" as const,
        before: play(is("uploaded", "delete")).changes.at(-1)?.after,
        after: undefined,
        expired: true,
      },
    ];
    expect(silent.flatMap(toEvents)).toEqual([]);
  });
});

describe("what the catalog publishes of a snapshot", () => {
  const image = visible(play(is("uploaded", "processed")).record);
  if (!image) throw new Error("there is no image");
  const page: SnapshotPage = {
    snapshotId: "8d6f3f1a-2c1b-4e3e-9f60-6a1c3a1c7b52",
    mode: "state",
    segment: 1,
    segments: 4,
    page: 7,
    correlationId: "c-1",
    takenAt: "2026-05-01T12:00:00.000Z",
    owners: [{ ownerId: "ann", images: 2, checksum: 2 ** 32 }],
    images: [toState(image)],
    tombstones: [{ imageId: image.imageId, ownerId: "bo", version: 3 }],
    next: { after: { PK: "userId#ann", SK: "imageId#1" }, current: undefined },
    paused: false,
  };
  /** What the stream tells of a page, and what that means. */
  const published = (changes: Partial<SnapshotPage> = {}) => {
    const item = JSON.parse(JSON.stringify(toPageItem({ ...page, ...changes }, 0)));
    return toEvents({ kind: "INSERT", before: undefined, after: item, expired: false });
  };
  const { owners, images, tombstones, snapshotId, segment, segments, takenAt } = page;
  const part = { snapshotId, segment, segments, page: 7, last: false, takenAt, owners };

  it("is each page, whole and without what only the catalog needs", () => {
    const [event, ...more] = published();
    expect(event?.detail.data).toEqual({
      ...part,
      mode: "state",
      images: JSON.parse(JSON.stringify(images)),
      tombstones,
    });
    expect(event?.detail.metadata).toMatchObject({ correlationId: "c-1", occurredAt: takenAt });
    expect(more).toEqual([]);
    expect(published({ next: undefined })[0]?.detail.data).toMatchObject({ last: true });
  });

  it("has no images in a summary", () => {
    expect(published({ mode: "summary" })[0]?.detail.data).toEqual({ ...part, mode: "summary" });
  });

  it("says where to go on from, when the next page is for another call", () => {
    const [first, second] = published({ paused: true });
    expect([first?.detailType, second?.detailType]).toEqual([
      CatalogSnapshotPage.type,
      "CatalogSnapshotPaused",
    ]);
    expect(second?.detail.data).toEqual({ snapshotId, segment, page: 7 });
  });

  it("is the same fact however often it is relayed, and another for every page", () => {
    const idOf = (changes: Partial<SnapshotPage>) => published(changes)[0]?.detail.metadata.eventId;
    expect(idOf({})).toBe(idOf({}));
    const others = [{ page: 8 }, { segment: 2 }, { snapshotId: crypto.randomUUID() }];
    expect(new Set([idOf({}), ...others.map(idOf)]).size).toBe(4);
  });

  it("is nothing when a page's time is over", () => {
    const before = toPageItem(page, 0);
    expect(toEvents({ kind: "REMOVE", before, after: undefined, expired: true })).toEqual([]);
  });
});
