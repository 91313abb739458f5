import { planOf } from "@shoebox/sim/runner/plan";
import { run } from "@shoebox/sim/runner/run";
import { teeth } from "@shoebox/sim/teeth/all";
import { graceOfOrphans } from "@shoebox/sim/teeth/object-teeth";
import type { Tooth } from "@shoebox/sim/teeth/tooth";
import { describe, expect, it } from "vitest";

const STEPS = 40;
/** Seeds that are tried: each tooth bites in a part of the runs, and this many are never all missed. */
const MOST = 40;

async function bite(tooth: Tooth): Promise<string | undefined> {
  for (let seed = 1; seed <= MOST; seed++) {
    const plan = planOf(String(seed), STEPS, tooth.bias);
    if ((await run(plan, tooth.mutation())).violations.length > 0) return plan.seed;
  }
  return undefined;
}

describe("the simulation catches what happens without", () => {
  it.each(teeth.map((tooth) => [tooth.name, tooth] as const))("%s", async (_, tooth) => {
    const seed = await bite(tooth);
    expect(seed, "no run saw the difference").toBeDefined();
    // It is the missing mitigation that is caught: with it the same run is as it should be.
    const { violations } = await run(planOf(seed ?? "", STEPS, tooth.bias));
    expect(violations).toEqual([]);
  });
});

it("nothing is lost without the day of grace of orphans, which is a second line", async () => {
  for (const seed of ["1", "2", "3", "4"]) {
    const plan = planOf(seed, STEPS, graceOfOrphans.bias);
    expect((await run(plan, graceOfOrphans.mutation())).violations).toEqual([]);
  }
});
