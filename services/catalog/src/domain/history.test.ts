import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { history, play, type Step } from "../history.testkit.ts";
import { statusOf, toState, type VisibleImage, visible } from "./image-record.ts";
import { TOMBSTONE_KEPT } from "./tombstone.ts";

/** What a reader sees, but for the version, which counts how it came about. */
function seen(image: VisibleImage) {
  const { version: _, ...rest } = toState(image);
  return { ...rest, gps: image.processed?.gps };
}

/** What processing says of a picture, from the first to the last time that it is asked for. */
const spoken: Step[] = [undefined, 1, 2].flatMap((retry): Step[] => [
  ...(retry === undefined ? [] : [{ is: "requested" as const, retry }]),
  { is: "processed", retry },
  { is: "rejected", retry },
]);

const told = (step: Step) => JSON.stringify(step);

/** The same facts in the plainest order: upload, edits in the order in which they were made, processing. */
function plain(steps: Step[]): Step[] {
  const uploadedAt = steps.findIndex(({ is }) => is === "uploaded");
  const edits = steps.filter(({ is }, index) => is === "edit" && index > uploadedAt);
  const heard = spoken.filter((fact) => steps.some((step) => told(step) === told(fact)));
  return [{ is: "uploaded" }, ...edits, ...heard];
}

describe("an image as a join of facts", () => {
  it("ends the same, however its facts are ordered and repeated", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const living = steps.filter(({ is }) => is !== "delete");
        const image = visible(play(living).record);
        expect(image !== undefined).toBe(living.some(({ is }) => is === "uploaded"));
        if (!image) return;
        const expected = visible(play(plain(living)).record);
        expect(expected && seen(image)).toEqual(expected && seen(expected));
      }),
      { numRuns: 500 },
    );
  });

  it("has a version that grows by one with each change and never for nothing", () => {
    fc.assert(
      fc.property(history, (steps) => {
        for (const { before, after } of play(steps).changes) {
          const from = Number(before?.version ?? 0);
          const bookkeeping = before?.deletedAt !== undefined;
          expect(after?.version).toBe(bookkeeping ? from : from + 1);
        }
      }),
    );
  });

  it("stays deleted, and then nothing but confirmations and republishing changes it", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const at = steps.findIndex(
          ({ is }, index) => is === "delete" && visible(play(steps.slice(0, index)).record),
        );
        fc.pre(at >= 0);
        const tombstone = play(steps.slice(0, at + 1)).record;
        const { record } = play(steps);
        expect(visible(record)).toBeUndefined();
        expect(record?.version).toBe(tombstone?.version);
        expect(record).not.toHaveProperty("processed");
        expect(record).not.toHaveProperty("caption");
        const later = steps.slice(at + 1).map(({ is }) => is);
        const both = later.includes("originalDeletedAt") && later.includes("renditionsDeletedAt");
        expect(record?.ttl !== undefined).toBe(both);
        expect(record?.awaiting === undefined).toBe(both);
      }),
      { numRuns: 300 },
    );
  });

  it("becomes ready when it is processed again, and an old rejection that comes late changes nothing", () => {
    const again: Step[] = [
      { is: "uploaded" },
      { is: "rejected" },
      { is: "requested", retry: 1 },
      { is: "processed", retry: 1 },
    ];
    const { record } = play(again);
    expect(record && statusOf(record)).toBe("ready");
    for (const late of [
      { is: "rejected" },
      { is: "processed" },
      { is: "requested", retry: 1 },
      { is: "processed", retry: 1 },
    ] as Step[]) {
      expect(play([...again, late]).record).toEqual(record);
    }
    const tried = play(again.slice(0, 3)).record;
    expect(tried && statusOf(tried)).toBe("processing");
  });

  it("is rejected whenever it was rejected once, unless it is tried again, and shows nothing of a success", () => {
    const orders: Step[][] = [
      [{ is: "uploaded" }, { is: "processed" }, { is: "rejected" }],
      [{ is: "rejected" }, { is: "processed" }, { is: "uploaded" }],
      [{ is: "processed" }, { is: "rejected" }, { is: "processed" }, { is: "uploaded" }],
    ];
    for (const order of orders) {
      const image = visible(play(order).record);
      expect(image && statusOf(image)).toBe("rejected");
      expect(image && toState(image)).toMatchObject({ renditions: [], width: undefined });
    }
  });

  it("keeps a tombstone 30 days after the second confirmation, in seconds", () => {
    const { record } = play(
      [
        { is: "uploaded" },
        { is: "delete" },
        { is: "renditionsDeletedAt" },
        { is: "originalDeletedAt" },
      ],
      1_000_000,
    );
    expect(record?.ttl).toBe(Math.ceil((1_000_003 + TOMBSTONE_KEPT) / 1000));
  });

  it("is not closed by a confirmation that came before the deletion", () => {
    const { record } = play([
      { is: "uploaded" },
      { is: "originalDeletedAt" },
      { is: "delete" },
      { is: "renditionsDeletedAt" },
    ]);
    expect(record?.ttl).toBeUndefined();
    expect(record?.awaiting).toBe("tombstone#15");
  });
});
