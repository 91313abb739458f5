import { type FaultRates, NO_FAULTS } from "../world/faults.ts";
import { type Bias, type Plan, planOf } from "./plan.ts";

/** A plan or a part of it, as a command line can say it. */
export interface Selection {
  seed: string;
  /** How many steps the whole plan has. */
  steps: number;
  /** The numbers of the steps that are kept (from 1); undefined: all. */
  only?: number[];
  /** The kinds of faults that are kept; undefined: all. */
  faults?: string[];
}

export function selected({ seed, steps, only, faults }: Selection, bias?: Bias): Plan {
  const plan = planOf(seed, steps, bias);
  return {
    seed,
    steps: only ? plan.steps.filter((_, position) => only.includes(position + 1)) : plan.steps,
    faults: faults
      ? (Object.fromEntries(
          Object.entries(plan.faults).map(([kind, rate]) => [
            kind,
            faults.includes(kind) ? rate : 0,
          ]),
        ) as unknown as FaultRates)
      : plan.faults,
  };
}

export const faultKinds = Object.keys(NO_FAULTS);

/** The command that runs it again. */
export function commandOf({ seed, steps, only, faults }: Selection, tooth?: string): string {
  return [
    `npm run sim -- --seed ${seed} --steps ${steps}`,
    ...(only ? [`--only ${only.join(",")}`] : []),
    ...(faults ? [`--faults ${faults.join(",") || "none"}`] : []),
    ...(tooth === undefined ? [] : [`--without "${tooth}"`]),
  ].join(" ");
}
