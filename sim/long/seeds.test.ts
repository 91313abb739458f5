import { planOf } from "@shoebox/sim/runner/plan";
import { run } from "@shoebox/sim/runner/run";
import { describe, expect, it } from "vitest";

/** Seeds beyond those of every test run, so that each counts. */
const SEEDS = Array.from({ length: 40 }, (_, position) => String(101 + position));

describe("the services keep every promise", () => {
  it.each(SEEDS)("in the world of seed %s", async (seed) => {
    const { violations } = await run(planOf(seed, 40));
    expect(violations).toEqual([]);
  });
});
