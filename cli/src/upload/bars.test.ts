import type { WriteStream } from "node:tty";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createBars } from "./bars.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function screenOf(columns: number) {
  const written: string[] = [];
  const screen = { columns, write: (text: string) => written.push(text) };
  return { screen: screen as unknown as WriteStream, written };
}

it("a terminal shows each file on its way and all of them together, and nothing in the end", async () => {
  const { screen, written } = screenOf(200);
  const bars = createBars(screen, true);
  bars.expect(2, 3_000);
  bars.set("a.jpg", 500, 1_000);
  vi.advanceTimersByTime(100);
  expect(written[0]).toBe(`[${"#".repeat(12)}${"-".repeat(12)}]  50 %   1.0 kB  a.jpg\n`);
  expect(written[1]).toMatch(/^\[####-+\] {2}16 % {3}3\.0 kB {2}0 of 2 files, .*\/s\n$/);
  bars.done("a.jpg", 1_000);
  await bars.above(async () => void written.push("line\n"));
  vi.advanceTimersByTime(100);
  expect(written.slice(2, 4)).toEqual(["\x1b[2A\x1b[J", "line\n"]);
  expect(written[4]).toContain("33 %");
  bars.end();
  const end = written.length;
  expect(written.at(-1)).toBe("\x1b[1A\x1b[J");
  vi.advanceTimersByTime(1_000);
  expect(written).toHaveLength(end);
});

it("what is no terminal gets nothing", () => {
  const { screen, written } = screenOf(80);
  const bars = createBars(screen, false);
  bars.expect(1, 1);
  bars.set("a.jpg", 1, 1);
  vi.advanceTimersByTime(1_000);
  bars.end();
  expect(written).toEqual([]);
});
