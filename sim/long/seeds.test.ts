import { planOf } from "@shoebox/sim/runner/plan";
import { run } from "@shoebox/sim/runner/run";
import { commandOf } from "@shoebox/sim/runner/selection";
import { describe, expect, it } from "vitest";

const STEPS = 40;
/** Seeds beyond those of every test run, so that each counts. */
const SEEDS = Array.from({ length: 100 }, (_, position) => String(101 + position));

describe("the services keep every promise", () => {
  it.each(SEEDS)("in the world of seed %s", async (seed) => {
    const { violations } = await run(planOf(seed, STEPS));
    expect(violations, commandOf({ seed, steps: STEPS })).toEqual([]);
  });
});
