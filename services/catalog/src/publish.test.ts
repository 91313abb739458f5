import {
  ImageCataloged,
  ImageDeleted,
  type ImageState,
  ImageUpdated,
} from "@shoebox/shared/events/catalog";
import type { DomainEvent } from "@shoebox/shared/events/define";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linkItem } from "./adapters/image-item.ts";
import { toState, visible } from "./domain/image-record.ts";
import { history, key, play, type Step, upload } from "./history.testkit.ts";
import { toEvents } from "./publish.ts";

const events = (steps: Step[]) => play(steps).changes.flatMap(toEvents);
const is = (...names: Exclude<Step["is"], "edit">[]): Step[] => names.map((name) => ({ is: name }));
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
