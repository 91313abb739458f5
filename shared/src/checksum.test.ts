import { describe, expect, it } from "vitest";
import { imageChecksum } from "./checksum.ts";

const image = "019de368-f600-7061-8157-766ead37ffef";

describe("the checksum of an image", () => {
  it("is the same for ever: indexes hold it", () => {
    expect(imageChecksum(image, 1)).toBe(1_081_474_322);
    expect(imageChecksum(image, 2)).toBe(3_636_462_362);
  });

  it("differs by image and by version, over all 32 bits", () => {
    const sums = Array.from({ length: 2_000 }, (_, version) => imageChecksum(image, version));
    expect(new Set(sums).size).toBe(2_000);
    expect(Math.max(...sums)).toBeGreaterThan(0.99 * 2 ** 32);
    expect(Math.max(...sums)).toBeLessThan(2 ** 32);
    expect(Math.min(...sums)).toBeLessThan(0.01 * 2 ** 32);
    expect(sums.every(Number.isInteger)).toBe(true);
  });
});
