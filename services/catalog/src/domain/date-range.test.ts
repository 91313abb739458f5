import { imageIdTime, newImageId } from "@shoebox/shared/ids";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idRange } from "./date-range.ts";

const time = fc.integer({ min: 0, max: 4_102_444_800_000 });

describe("a range of dates as a range of ids", () => {
  it("holds exactly the ids from `from` (inclusive) to `to` (exclusive)", () => {
    const near = fc.tuple(time, fc.integer({ min: 1, max: 3 }), fc.integer({ min: -2, max: 4 }));
    fc.assert(
      fc.property(near, ([from, length, offset]) => {
        const id = newImageId(Math.max(from + offset, 0));
        const range = idRange(from, from + length);
        const inside = range !== undefined && id >= range.first && id <= range.last;
        expect(inside).toBe(imageIdTime(id) >= from && imageIdTime(id) < from + length);
      }),
    );
  });

  it("is open where nothing is said, and empty when it ends before it begins", () => {
    expect(idRange()).toEqual({
      first: "00000000-0000-7000-8000-000000000000",
      last: "ffffffff-ffff-7fff-bfff-ffffffffffff",
    });
    expect(idRange(5, 5)).toBeUndefined();
    expect(idRange(6, 5)).toBeUndefined();
    expect(idRange(-10, 0)).toBeUndefined();
    expect(idRange(-10, 1)?.first).toBe(idRange()?.first);
  });
});
