import { describe, expect, it } from "vitest";
import { planOf } from "./plan.ts";
import { type Result, run } from "./run.ts";

/** Steps of a run, and the seeds of those that run with every test; `npm run sim` has others. */
const STEPS = 30;
const SEEDS = ["1", "2", "5", "7", "9"];

describe("the services in a simulated world", () => {
  it("keep every promise while everything goes wrong", { timeout: 180_000 }, async () => {
    const results: Result[] = [];
    for (const seed of SEEDS) results.push(await run(planOf(seed, STEPS)));

    expect(
      results.flatMap(({ violations }, at) =>
        violations.map((what) => `seed ${SEEDS[at]}: ${what}`),
      ),
    ).toEqual([]);
    // A world in which nothing happens keeps every promise as well.
    const sum = (name: keyof Result["counts"]) =>
      results.reduce((total, { counts }) => total + counts[name], 0);
    expect(sum("uploads")).toBeGreaterThan(20);
    expect(sum("ready")).toBeGreaterThan(10);
    expect(sum("deleted")).toBeGreaterThan(3);
  });

  it("go the same way for the same seed, step by step", { timeout: 180_000 }, async () => {
    const [one, other] = [await run(planOf("5", STEPS)), await run(planOf("5", STEPS))];
    expect(other.trace).toEqual(one.trace);
    const another = await run(planOf("6", STEPS));
    expect(another.digest).not.toBe(one.digest);
  });

  it("give the process its own clock and chance back", async () => {
    await run(planOf("5", 1));
    expect(Math.abs(Date.now() - performance.timeOrigin - performance.now())).toBeLessThan(60_000);
    expect(crypto.randomUUID()).not.toBe(crypto.randomUUID());
  });
});
