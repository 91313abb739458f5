import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { imageChecksum } from "@shoebox/shared/checksum";
import { CatalogSnapshotPaused } from "@shoebox/shared/events/catalog";
import { newImageId } from "@shoebox/shared/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toRecord } from "./adapters/image-item.ts";
import { pageKey } from "./adapters/snapshot-page.ts";
import { type Catalog, startCatalog } from "./catalog.testkit.ts";
import { deleteImage } from "./delete-image.ts";
import { type ImageKey, type ImageRecord, toState, visible } from "./domain/image-record.ts";
import { uploaded } from "./domain/uploaded.ts";
import { editImage } from "./edit-image.ts";
import { NOON, uploadedData } from "./facts.testkit.ts";
import {
  fill,
  imageRecord,
  imagesOf,
  isComplete,
  type Page,
  request,
  snapshotsOf,
  tombstonesOf,
} from "./snapshot.testkit.ts";

/** Small enough that a few hundred images make a long chain. */
const SMALL = { pageBytes: 6_000, readItems: 20, reads: 2 };
const OWNERS = 24;

let catalog: Catalog;
/** What is in the table: owner 0 has more images than any page takes, and every seventh image is deleted. */
let records: ImageRecord[];

beforeAll(async () => {
  catalog = await startCatalog();
  records = Array.from({ length: 400 }, (_, number) =>
    imageRecord(`owner-${number % 4 === 0 ? 0 : number % OWNERS}`, number, number % 7 === 0),
  );
  await fill(catalog, records);
});
afterAll(() => catalog.close());

const byId = (list: { imageId: string }[]) => list.map(({ imageId }) => imageId).sort();
const live = (of: ImageRecord[]) => of.flatMap((record) => visible(record) ?? []);

/** Each owner's count and checksum, straight from the records. */
function sums(of: ImageRecord[]) {
  const all: Record<string, { images: number; checksum: number }> = {};
  for (const { ownerId, imageId, version } of live(of)) {
    const sum = all[ownerId] ?? { images: 0, checksum: 0 };
    all[ownerId] = {
      images: sum.images + 1,
      checksum: sum.checksum + imageChecksum(imageId, version),
    };
  }
  return all;
}

/** Each owner's count and checksum as the pages tell them; fails when one is told twice. */
function told(pages: Page[]) {
  const owners = pages.flatMap((page) => page.owners).filter(({ images }) => images > 0);
  expect(new Set(owners.map(({ ownerId }) => ownerId)).size).toBe(owners.length);
  return Object.fromEntries(owners.map(({ ownerId, ...sum }) => [ownerId, sum]));
}

describe("a snapshot of everybody", () => {
  it("in mode state tells every image and tombstone once, in bounded pages, and each owner's sums", async () => {
    const pages = await snapshotsOf(catalog, { sizes: SMALL }).take(request());
    expect(isComplete(pages)).toBe(true);
    expect(pages.length).toBeGreaterThan(40);
    const state = imagesOf(pages).sort((a, b) => (a.imageId < b.imageId ? -1 : 1));
    const wanted = live(records).sort((a, b) => (a.imageId < b.imageId ? -1 : 1));
    expect(state).toEqual(wanted.map((image) => JSON.parse(JSON.stringify(toState(image)))));
    expect(byId(tombstonesOf(pages))).toEqual(byId(records.filter((one) => one.deletedAt)));
    expect(told(pages)).toEqual(sums(records));
    for (const page of pages) {
      expect(JSON.stringify(page).length).toBeLessThan(SMALL.pageBytes + 1_000);
    }
  });

  it("in mode summary tells the same sums and nothing else", async () => {
    const pages = await snapshotsOf(catalog, { sizes: SMALL }).take(request({ mode: "summary" }));
    expect(isComplete(pages)).toBe(true);
    expect(told(pages)).toEqual(sums(records));
    expect(pages.some((page) => "images" in page)).toBe(false);
  });

  it("is the same with one segment and with as much at once as in production", async () => {
    const pages = await snapshotsOf(catalog, { segments: 1 }).take(request());
    expect(isComplete(pages)).toBe(true);
    expect(byId(imagesOf(pages))).toEqual(byId(live(records)));
    expect(told(pages)).toEqual(sums(records));
    const sizes = pages.map((page) => JSON.stringify(page).length);
    expect(Math.max(...sizes)).toBeGreaterThan(140_000);
    expect(Math.max(...sizes)).toBeLessThan(155_000);
  });

  it("tells every image once while others are uploaded, edited and deleted", async () => {
    const busy = await startCatalog();
    const still = records.slice(0, 120);
    await fill(busy, still);
    const change = changesOf(busy);
    const sizes = { ...SMALL, readItems: 8, reads: 1 };
    const pages = await snapshotsOf(busy, { sizes, segments: 1 }).take(request(), change);
    await busy.close();

    expect(isComplete(pages)).toBe(true);
    const ids = byId([...imagesOf(pages), ...tombstonesOf(pages)]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(byId(still)));
    const sumsTold = Object.entries(told(pages));
    const ofOthers = sumsTold.filter(([ownerId]) => ownerId.includes("busy"));
    expect(ofOthers.length).toBeGreaterThan(0);
    expect(Object.fromEntries(sumsTold.filter((one) => !ofOthers.includes(one)))).toEqual(
      sums(still),
    );
    // What is told of those who changed is one state of theirs, and the sums fit what was told.
    const busyImages = imagesOf(pages).filter(({ ownerId }) => ownerId.includes("busy"));
    for (const [ownerId, sum] of ofOthers) {
      const own = busyImages.filter((image) => image.ownerId === ownerId);
      expect(sum.images).toBe(own.length);
      expect(sum.checksum).toBe(
        own.reduce((total, { imageId, version }) => total + imageChecksum(imageId, version), 0),
      );
    }
  });
});

describe("a snapshot of some owners", () => {
  it("tells all of theirs and nothing else, also of an owner with nothing, and asked for twice once", async () => {
    const owners = ["owner-0", "nobody", "owner-3", "owner-9", "owner-9", "owner-11", "gone"];
    await fill(catalog, [imageRecord("gone", 9_999, true)]);
    const pages = await snapshotsOf(catalog, { sizes: SMALL }).take(request({ owners }));
    const theirs = records.filter(({ ownerId }) => owners.includes(ownerId));
    expect(isComplete(pages)).toBe(true);
    expect(byId(imagesOf(pages))).toEqual(byId(live(theirs)));
    expect(tombstonesOf(pages).length).toBe(theirs.filter((one) => one.deletedAt).length + 1);
    expect(told(pages)).toEqual(sums(theirs));
    expect(pages.flatMap((page) => page.owners.map(({ ownerId }) => ownerId)).sort()).toEqual(
      [...new Set(owners)].sort(),
    );
    expect(pages.flatMap((page) => page.owners)).toContainEqual({
      ownerId: "nobody",
      images: 0,
      checksum: 0,
    });
  });

  it("says of an owner with more images than a page only with the last of them that this is all", async () => {
    const pages = await snapshotsOf(catalog, { sizes: SMALL }).take(
      request({ owners: ["owner-0"] }),
    );
    expect(pages.length).toBeGreaterThan(10);
    expect(pages.every(({ segments }) => segments === 1)).toBe(true);
    expect(pages.flatMap((page) => page.owners.map(() => page.last))).toEqual([true]);
  });
});

describe("a snapshot that is disturbed", () => {
  const owners = ["owner-0", "owner-3", "owner-9"];

  it.each([1, 2, 5, 13])(
    "goes on after a crash before every %i. page, and writes none twice",
    async (every) => {
      let puts = 0;
      const snapshots = snapshotsOf(catalog, {
        sizes: SMALL,
        crash: () => ++puts % (every + 1) === 0,
      });
      const open = [request({ owners })];
      for (let event = open.shift(); event; event = open.shift()) {
        for (let again = 0; !(await snapshots.deliver(event)); again++) {
          expect(again).toBeLessThan(200);
        }
        open.push(...snapshots.notes.splice(0));
      }
      expect(isComplete(snapshots.written)).toBe(true);
      expect(told(snapshots.written)).toEqual(
        sums(records.filter(({ ownerId }) => owners.includes(ownerId))),
      );
    },
  );

  it("by every message coming twice at once and again later, tells the same and once", async () => {
    const snapshots = snapshotsOf(catalog, { sizes: SMALL });
    const asked = request({ owners });
    const open = [asked];
    const delivered = [];
    for (let event = open.shift(); event; event = open.shift()) {
      delivered.push(event);
      expect(await snapshots.deliver(event, event)).toBe(true);
      open.push(...snapshots.notes.splice(0));
    }
    expect(await snapshots.deliver(...delivered)).toBe(true);
    expect(snapshots.notes).toEqual([]);
    expect(isComplete(snapshots.written)).toBe(true);
    expect(byId(imagesOf(snapshots.written))).toEqual(
      byId(live(records.filter(({ ownerId }) => owners.includes(ownerId)))),
    );
  });

  it("by a message coming again after all is told, reads no image and few pages", async () => {
    const snapshots = snapshotsOf(catalog, { sizes: SMALL });
    const asked = request({ owners: ["owner-0"] });
    const pages = await snapshots.take(asked);
    const calls = await catalog.callsOf(() => snapshots.deliver(asked));
    expect([...new Set(calls)]).toEqual(["GetItem consistent"]);
    expect(calls.length).toBeLessThan(pages.length / 2);
  });

  it("by two deployments at work that cut pages differently, tells the same and once", async () => {
    const asked = request({ owners });
    const both = [SMALL, { ...SMALL, pageBytes: 4_000 }].map((sizes) =>
      snapshotsOf(catalog, { sizes }),
    );
    const open = [asked];
    for (let event = open.shift(); event; event = open.shift()) {
      const handled = event;
      const done = await Promise.all(both.map((snapshots) => snapshots.deliver(handled)));
      expect(done).toEqual([true, true]);
      open.push(...both.flatMap((snapshots) => snapshots.notes.splice(0)));
    }
    const pages = both.flatMap(({ written }) => written);
    const theirs = records.filter(({ ownerId }) => owners.includes(ownerId));
    expect(isComplete(pages)).toBe(true);
    expect(byId(imagesOf(pages))).toEqual(byId(live(theirs)));
    expect(told(pages)).toEqual(sums(theirs));
  });

  it("by another number of segments in between, stays divided as it was begun", async () => {
    const asked = request();
    const first = snapshotsOf(catalog, { segments: 2 });
    const second = snapshotsOf(catalog, { segments: 3 });
    await first.take(asked);
    expect(await second.take(asked)).toEqual([]);
    expect(isComplete(first.written)).toBe(true);
  });

  it("by nobody waiting for it any more, is not told", async () => {
    const requestedAt = new Date(NOON - 2 * 86_400_000).toISOString();
    expect(await snapshotsOf(catalog).take(request({ requestedAt }))).toEqual([]);
    const snapshots = snapshotsOf(catalog, { sizes: SMALL });
    await snapshots.deliver(request({ owners: ["owner-0"] }));
    const [note] = snapshots.notes;
    const lost =
      note &&
      CatalogSnapshotPaused.make(note.detail.metadata, {
        ...(note.detail.data as { snapshotId: string; segment: number; page: number }),
        snapshotId: crypto.randomUUID(),
      });
    expect(lost && (await snapshots.deliver(lost))).toBe(true);
  });
});

describe("pages in the table", () => {
  it("are no images, are in no index, and go after a day", async () => {
    const [page] = await snapshotsOf(catalog).take(request({ owners: ["owner-3"] }));
    const { Item } = await catalog.documents.send(
      new GetCommand({
        TableName: catalog.table,
        Key: pageKey({ snapshotId: page?.snapshotId ?? "", segment: 0 }, 0),
      }),
    );
    expect(Item?.ttl).toBe(NOON / 1_000 + 86_400);
    expect(toRecord(Item ?? {})).toBeUndefined();
    const keys = ["tagKey", "imageKey", "uploadDate", "awaiting", "republishAt"];
    expect(keys.filter((name) => name in (Item ?? {}))).toEqual([]);
  });
});

/** Each call uploads an image of one of the busy owners, edits the one before and deletes the one before that. */
function changesOf(busy: Catalog): () => Promise<void> {
  const keys: ImageKey[] = [];
  const occasion = { now: NOON, correlationId: "busy" };
  return async () => {
    const key = {
      ownerId: `${keys.length % 2 === 0 ? "a" : "z"}-busy-${keys.length % 6}`,
      imageId: newImageId(NOON),
    };
    keys.push(key);
    await busy.images.write(
      key,
      uploaded(uploadedData(key.imageId, { ownerId: key.ownerId }), occasion),
    );
    const before = keys.at(-6);
    if (before) await editImage(busy.images, before, { caption: "new" }, occasion, () => true);
    const earlier = keys.at(-11);
    if (earlier) await deleteImage(busy.images, earlier, occasion);
  };
}
