import { expect, it } from "vitest";
import { type Luma, lumaOf, ssim } from "./ssim.ts";

const picture = (value: (x: number, y: number) => number, width = 64, height = 48): Luma => {
  const values = new Uint8Array(width * height);
  for (let i = 0; i < values.length; i++) values[i] = value(i % width, Math.floor(i / width));
  return { values, width, height };
};
const waves = (x: number, y: number) => 128 + 60 * Math.sin(x / 3) + 40 * Math.cos(y / 5);

it("a picture is wholly like itself, and its negative is not", () => {
  const one = picture(waves);
  expect(ssim(one, one)).toBeCloseTo(1, 12);
  expect(
    ssim(
      one,
      picture((x, y) => 255 - waves(x, y)),
    ),
  ).toBeLessThan(0);
});

it("two flat pictures differ by their brightness alone, as the definition has it", () => {
  const [dark, bright] = [50, 150];
  const expected = (2 * dark * bright + 6.5025) / (dark ** 2 + bright ** 2 + 6.5025);
  expect(
    ssim(
      picture(() => dark),
      picture(() => bright),
    ),
  ).toBeCloseTo(expected, 10);
});

it("one window is what the definition gives for its 64 pixels", () => {
  const one = picture((x, y) => (x * 37 + y * 91) % 256, 8, 8);
  const other = picture((x, y) => (x * 41 + y * 83 + 9) % 256, 8, 8);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [[...one.values], [...other.values]];
  const [ma, mb] = [mean(a), mean(b)];
  const va = mean(a.map((value) => (value - ma) ** 2));
  const vb = mean(b.map((value) => (value - mb) ** 2));
  const cov = mean(a.map((value, i) => (value - ma) * ((b[i] ?? 0) - mb)));
  const expected =
    ((2 * ma * mb + 6.5025) * (2 * cov + 58.5225)) /
    ((ma ** 2 + mb ** 2 + 6.5025) * (va + vb + 58.5225));
  expect(ssim(one, other)).toBeCloseTo(expected, 10);
});

it("the more is lost, the lower it is, and it does not matter which of the two is the original", () => {
  const one = picture(waves);
  const coarse = (step: number) => picture((x, y) => Math.round(waves(x, y) / step) * step);
  const [fine, rough] = [coarse(8), coarse(64)];
  expect(ssim(one, fine)).toBeLessThan(1);
  expect(ssim(one, rough)).toBeLessThan(ssim(one, fine));
  expect(ssim(rough, one)).toBe(ssim(one, rough));
});

it("pictures of other sizes, and such without room for a window, are refused", () => {
  const of = (width: number) => picture(() => 0, width, 8);
  expect(() => ssim(of(64), of(63))).toThrow("same size");
  expect(() => ssim(of(7), of(7))).toThrow("no room");
});

it("brightness is green's most of all", () => {
  const { values } = lumaOf(Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255), 2, 2);
  expect([...values]).toEqual([76, 150, 29, 255]);
});
