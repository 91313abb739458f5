import fc from "fast-check";
import { expect, it } from "vitest";
import { baseSize, MAX_RENDITION_SIDE } from "./geometry.ts";

it.each([
  [4000, 3000, 1080, 810],
  [3000, 4000, 1080, 1440],
  [640, 480, 640, 480],
  [1, 1, 1, 1],
  [10_000, 500, 3000, 150],
  [500, 20_000, 410, 16_383],
])("%i × %i is decoded to %i × %i", (width, height, baseWidth, baseHeight) => {
  expect(baseSize({ width, height })).toEqual({ width: baseWidth, height: baseHeight });
});

it("is never larger than the picture, always enough for the thumbnail, and bounded in memory", () => {
  const side = fc.integer({ min: 1, max: 65_535 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      fc.pre(width * height <= 100_000_000);
      const base = baseSize({ width, height });
      expect(base.width).toBeLessThanOrEqual(width);
      expect(base.height).toBeLessThanOrEqual(height);
      expect(base.width).toBeGreaterThanOrEqual(Math.min(width, 150));
      expect(base.height).toBeGreaterThanOrEqual(Math.min(height, 150));
      expect(base.width * base.height).toBeLessThanOrEqual(1080 * MAX_RENDITION_SIDE);
    }),
  );
});
