import type { Plan } from "@shoebox/sim/runner/plan";
import { run } from "@shoebox/sim/runner/run";
import { type CrashAt, NO_FAULTS } from "@shoebox/sim/world/faults";
import { expect, it } from "vitest";

/** A picture is uploaded, edited and deleted, and nothing goes wrong but what a test adds. */
function life(crashAt?: CrashAt): Plan {
  return {
    seed: "a life",
    faults: NO_FAULTS,
    ...(crashAt && { crashAt }),
    steps: [
      { command: "upload", at: 0, choice: 3 },
      { command: "edit", at: 60_000, choice: 2 },
      { command: "remove", at: 120_000, choice: 3 },
      { command: "read", at: 180_000, choice: 4 },
    ],
  };
}

it.each(["before", "after"] as const)(
  "a process may die at any of the calls of a picture's life, %s its effect",
  async (when) => {
    const whole = await run(life());
    expect(whole.violations).toEqual([]);
    expect(whole.counts).toMatchObject({ uploads: 1, deleted: 1 });
    const { calls } = whole.counts;
    expect(calls).toBeGreaterThan(50);
    const seen: string[] = [];
    for (let call = 1; call <= calls; call++) {
      const { violations } = await run(life({ call, when }));
      seen.push(...violations.map((what) => `call ${call}: ${what}`));
    }
    expect(seen).toEqual([]);
  },
);
