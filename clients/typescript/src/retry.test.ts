import { describe, expect, it } from "vitest";
import { delayAfter, retryWith, secondsIn, sleep } from "./retry.ts";

describe("the delay before the next attempt", () => {
  const retry = retryWith({ attempts: 4, firstDelay: 100, longestDelay: 1_000 });

  it("doubles, is spread by chance, and ends with the last attempt", () => {
    expect([1, 2, 3, 4].map((n) => delayAfter(n, retry, undefined, () => 1))).toEqual([
      100,
      200,
      400,
      undefined,
    ]);
    expect(delayAfter(3, retry, undefined, () => 0)).toBe(0);
  });

  it("is at least what Retry-After asks for, and there is none for who asks for too much", () => {
    expect(delayAfter(1, retry, 0.5, () => 1)).toBe(600);
    expect(delayAfter(1, retry, 1, () => 1)).toBe(1_000);
    expect(delayAfter(1, retry, 2, () => 1)).toBeUndefined();
  });
});

it("Retry-After is seconds or a date", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  expect(secondsIn("7", now)).toBe(7);
  expect(secondsIn("Sun, 22 Nov 2026 12:00:30 GMT", now)).toBe(30);
  expect(secondsIn("Sun, 22 Nov 2026 11:00:00 GMT", now)).toBe(0);
  expect(secondsIn("soon", now)).toBeUndefined();
  expect(secondsIn(null, now)).toBeUndefined();
});

it("a sleep ends at once with the signal's reason", async () => {
  const reason = new Error("enough");
  await expect(sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const sleeping = sleep(60_000, controller.signal);
  controller.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
});
