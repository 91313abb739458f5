import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { deterministicId, imageIdBounds, imageIdTime, isImageId, newImageId } from "./ids.ts";

const LAST = 2 ** 48 - 1;
const time = fc.integer({ min: 0, max: LAST });

describe("an image id", () => {
  it("is a UUIDv7 with its time inside", () => {
    fc.assert(
      fc.property(time, (now) => {
        const id = newImageId(now);
        expect(isImageId(id)).toBe(true);
        expect(z.uuidv7().safeParse(id).success).toBe(true);
        expect(imageIdTime(id)).toBe(now);
      }),
    );
  });

  it("sorts as text the way its time does", () => {
    fc.assert(
      fc.property(time, time, (a, b) => {
        if (a !== b) expect(newImageId(a) < newImageId(b)).toBe(a < b);
      }),
    );
  });

  it("is another one each time, in the same millisecond too", () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newImageId(1))).size).toBe(1_000);
  });

  it.each([
    "0198C1A2-7b3c-7def-8123-456789abcdef",
    "0198c1a2-7b3c-4def-8123-456789abcdef",
    "0198c1a2-7b3c-7def-c123-456789abcdef",
    " 0198c1a2-7b3c-7def-8123-456789abcdef",
    "0198c1a2-7b3c-7def-8123-456789abcdef\n",
    "",
  ])("is not %j", (text) => expect(isImageId(text)).toBe(false));
});

describe("the bounds of a millisecond", () => {
  it("hold every id of it and none of its neighbours", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: LAST - 1 }), (now) => {
        const { first, last } = imageIdBounds(now);
        const id = newImageId(now);
        expect(first <= id && id <= last).toBe(true);
        expect(newImageId(now - 1) < first && newImageId(now + 1) > last).toBe(true);
      }),
    );
  });

  it("are the smallest and the largest id there can be", () => {
    for (const id of Object.values(imageIdBounds(1_700_000_000_000))) {
      expect(isImageId(id)).toBe(true);
      expect(imageIdTime(id)).toBe(1_700_000_000_000);
    }
    expect(imageIdBounds(0).first).toBe("00000000-0000-7000-8000-000000000000");
    expect(imageIdBounds(LAST).last).toBe("ffffffff-ffff-7fff-bfff-ffffffffffff");
  });

  it("are clamped to what an id can hold", () => {
    expect(imageIdBounds(-1)).toEqual(imageIdBounds(0));
    expect(imageIdBounds(LAST + 1)).toEqual(imageIdBounds(LAST));
    expect(imageIdBounds(Number.POSITIVE_INFINITY)).toEqual(imageIdBounds(LAST));
  });
});

describe("a deterministic id", () => {
  it("is the same for the same parts, for ever", () => {
    expect(deterministicId("ImageDeleted", "a", 1)).toBe("bedabc44-73fd-80e7-946a-2a5bc813916b");
  });

  it("is a UUID that every consumer takes", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.integer())), (parts) => {
        expect(z.uuid().safeParse(deterministicId(...parts)).success).toBe(true);
      }),
    );
  });

  it("tells parts apart by where they end and by their type", () => {
    const ids = [["ab", "c"], ["a", "bc"], ["abc"], ["a", 1], ["a", "1"], []].map((parts) =>
      deterministicId(...parts),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
