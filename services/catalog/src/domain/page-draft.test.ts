import { imageChecksum } from "@shoebox/shared/checksum";
import { newImageId } from "@shoebox/shared/ids";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { processedData, uploadedData } from "../facts.testkit.ts";
import type { ImageRecord } from "./image-record.ts";
import { visible } from "./image-record.ts";
import { PageDraft } from "./page-draft.ts";
import { processed } from "./processed.ts";
import { deleted } from "./tombstone.ts";
import { uploaded } from "./uploaded.ts";
import { apply } from "./write.ts";

const occasion = { now: 1_000, correlationId: "c" };

/** A record as some history left it: seen by readers, deleted, or not yet known. */
function record(ownerId: string, is: "live" | "deleted" | "unseen", number: number): ImageRecord {
  const key = { ownerId, imageId: newImageId(1_000 + number) };
  const upload = uploaded(uploadedData(key.imageId, { ownerId }), occasion);
  const first = apply(
    key,
    undefined,
    is === "unseen" ? processed(processedData(key), occasion) : upload,
  );
  const image = visible(first);
  const last = is === "deleted" && image ? apply(key, image, deleted(image, occasion)) : first;
  if (!last) throw new Error("no record");
  return last;
}

/** Owners one after the other, as a table gives them. */
const table = fc
  .array(
    fc.array(fc.constantFrom("live" as const, "deleted" as const, "unseen" as const), {
      maxLength: 8,
    }),
    {
      maxLength: 6,
    },
  )
  .map((owners) =>
    owners.flatMap((own, owner) => own.map((is, n) => record(`owner-${owner}`, is, n))),
  );

/** What an owner has, counted without pages. */
function sums(records: ImageRecord[]) {
  const all = new Map<string, { images: number; checksum: number }>();
  for (const { ownerId, imageId, version, ...rest } of records) {
    if (!visible({ ownerId, imageId, version, ...rest })) continue;
    const sum = all.get(ownerId) ?? { images: 0, checksum: 0 };
    all.set(ownerId, {
      images: sum.images + 1,
      checksum: sum.checksum + imageChecksum(imageId, version),
    });
  }
  return all;
}

function pages(
  mode: "summary" | "state",
  records: ImageRecord[],
  room: number,
  cutAfter: boolean[],
) {
  const drafts = [new PageDraft(mode, undefined, room)];
  const next = () => drafts.push(new PageDraft(mode, drafts.at(-1)?.current, room));
  for (const [index, one] of records.entries()) {
    if (!drafts.at(-1)?.add(one)) {
      next();
      expect(drafts.at(-1)?.add(one)).toBe(true);
    }
    if (cutAfter[index]) next();
  }
  drafts.at(-1)?.endOwner();
  return drafts;
}

const cuts = fc.tuple(
  table,
  fc.integer({ min: 1, max: 9_000 }),
  fc.array(fc.boolean(), { maxLength: 48 }),
);

describe("pages of a snapshot", () => {
  it("tell each owner once with the same sums, wherever they end", () => {
    for (const mode of ["summary", "state"] as const) {
      fc.assert(
        fc.property(cuts, ([records, room, cutAfter]) => {
          const told = pages(mode, records, room, cutAfter).flatMap(({ owners }) => owners);
          expect(new Set(told.map(({ ownerId }) => ownerId)).size).toBe(told.length);
          const known = told.filter(({ images }) => images > 0);
          expect(new Map(known.map(({ ownerId, ...sum }) => [ownerId, sum]))).toEqual(
            sums(records),
          );
          expect(
            told.filter(({ images }) => images === 0).every(({ checksum }) => checksum === 0),
          ).toBe(true);
        }),
      );
    }
  });

  it("tell each image and each tombstone once, before or with the end of its owner, and nothing of what nobody sees", () => {
    fc.assert(
      fc.property(cuts, ([records, room, cutAfter]) => {
        const drafts = pages("state", records, room, cutAfter);
        const ids = (list: { imageId: string }[]) => list.map(({ imageId }) => imageId);
        expect(ids(drafts.flatMap(({ images }) => images))).toEqual(ids(records.filter(visible)));
        expect(drafts.flatMap(({ tombstones }) => tombstones)).toEqual(
          records
            .filter(({ deletedAt }) => deletedAt !== undefined)
            .map(({ imageId, ownerId, version }) => ({ imageId, ownerId, version })),
        );
        const ended = new Set<string>();
        for (const { owners, images, tombstones } of drafts) {
          for (const { ownerId } of [...images, ...tombstones])
            expect(ended).not.toContain(ownerId);
          for (const { ownerId } of owners) ended.add(ownerId);
        }
      }),
    );
  });

  it("are no larger than the room they have, unless one record alone is", () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 9_000 }), (records, room) => {
        for (const { images, tombstones } of pages("state", records, room, [])) {
          const told = [...images, ...tombstones];
          const bytes = told.reduce((sum, one) => sum + JSON.stringify(one).length, 0);
          if (told.length > 1) expect(bytes).toBeLessThanOrEqual(room);
        }
      }),
    );
  });

  it("tell of an owner who was asked for by name even when there is nothing of him", () => {
    const draft = new PageDraft("summary", undefined, 1_000);
    draft.endOwner("nobody");
    draft.endOwner();
    expect(draft.owners).toEqual([{ ownerId: "nobody", images: 0, checksum: 0 }]);
  });
});
