import { expect, it } from "vitest";
import { dominantColor } from "./dominant-color.ts";

const pixels = (...groups: [count: number, ...rgba: number[]][]) =>
  Uint8Array.from(
    groups.flatMap(([count, ...rgba]) => Array.from({ length: count }, () => rgba).flat()),
  );

it("is the mean of the largest group of alike pixels, not of all", () => {
  expect(dominantColor(pixels([5, 250, 4, 2, 255], [5, 254, 8, 4, 255], [7, 0, 0, 255, 255]))).toBe(
    "#fc0603",
  );
});

it("pixels count by their opacity", () => {
  expect(dominantColor(pixels([9, 255, 0, 0, 10], [2, 0, 0, 255, 255]))).toBe("#0000ff");
});

it("nothing to see is white", () => {
  expect(dominantColor(pixels([4, 9, 9, 9, 0]))).toBe("#ffffff");
  expect(dominantColor(new Uint8Array())).toBe("#ffffff");
});
