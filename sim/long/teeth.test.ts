import { invariantOf } from "@shoebox/sim/invariants/all";
import { planOf } from "@shoebox/sim/runner/plan";
import { run } from "@shoebox/sim/runner/run";
import { commandOf } from "@shoebox/sim/runner/selection";
import { teeth } from "@shoebox/sim/teeth/all";
import { graceOfOrphans } from "@shoebox/sim/teeth/object-teeth";
import type { Tooth } from "@shoebox/sim/teeth/tooth";
import { describe, expect, it } from "vitest";

const STEPS = 40;
/** Seeds that are tried: each tooth bites in a part of the runs, and this many are never all missed. */
const MOST = 40;

/** The first seed whose run breaks the invariant that stands for this mitigation. */
async function bite(tooth: Tooth): Promise<string | undefined> {
  for (let seed = 1; seed <= MOST; seed++) {
    const plan = planOf(String(seed), STEPS, tooth.bias);
    const { violations } = await run(plan, tooth.mutation());
    if (violations.some((what) => invariantOf(what) === tooth.caughtBy)) return plan.seed;
  }
  return undefined;
}

describe("the simulation catches what happens without", () => {
  it.each(teeth.map((tooth) => [tooth.name, tooth.caughtBy, tooth] as const))(
    "%s, by: %s",
    async (name, invariant, tooth) => {
      const seed = await bite(tooth);
      if (seed === undefined) throw new Error(`In ${MOST} runs "${invariant}" held.`);
      // It is the missing mitigation that is caught: with it the same run is as it should be.
      const { violations } = await run(planOf(seed, STEPS, tooth.bias));
      expect(violations, commandOf({ seed, steps: STEPS }, name)).toEqual([]);
    },
  );
});

it("nothing is lost without the day of grace of orphans, which is a second line", async () => {
  for (const seed of ["1", "2", "3", "4"]) {
    const plan = planOf(seed, STEPS, graceOfOrphans.bias);
    expect((await run(plan, graceOfOrphans.mutation())).violations).toEqual([]);
  }
});
