import { abort } from "../commands/abort.ts";
import type { Command } from "../commands/command.ts";
import { edit } from "../commands/edit.ts";
import { list, read, search } from "../commands/read.ts";
import { rebuild } from "../commands/rebuild.ts";
import { regret, remove } from "../commands/remove.ts";
import { upload } from "../commands/upload.ts";
import {
  breakdown,
  jump,
  lose,
  outage,
  reconcile,
  redrive,
  replay,
  runSchedule,
} from "../commands/world.ts";
import type { CrashAt, FaultRates } from "../world/faults.ts";
import { createRandom, type Random } from "../world/random.ts";

export const commands = {
  upload,
  edit,
  remove,
  regret,
  abort,
  read,
  list,
  search,
  outage,
  breakdown,
  lose,
  rebuild,
  replay,
  redrive,
  runSchedule,
  reconcile,
  jump,
} satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;

/** One thing that somebody does. */
export interface Step {
  command: CommandName;
  /** Milliseconds after the beginning. */
  at: number;
  /** Decides the command's own choices: they stay the same when others are taken out. */
  choice: number;
}

/** All of a run, as data: what is done and how much goes wrong. The same plan has the same trace. */
export interface Plan {
  seed: string;
  faults: FaultRates;
  /** One crash besides, at a call that is named. */
  crashAt?: CrashAt;
  steps: Step[];
}

/** How often each is drawn, in relation to the others. */
const WEIGHTS: Record<CommandName, number> = {
  upload: 28,
  edit: 18,
  remove: 10,
  regret: 4,
  abort: 2,
  read: 14,
  list: 5,
  search: 4,
  outage: 2,
  breakdown: 2,
  lose: 1,
  rebuild: 1,
  replay: 1,
  redrive: 1,
  runSchedule: 2,
  reconcile: 1,
  jump: 1,
};

/** The most that each kind of fault may be. Every run has some of them and others not at all. */
const WORST: FaultRates = {
  twice: 0.3,
  late: 0.3,
  crash: 0.05,
  throttle: 0.1,
  lostAnswer: 0.06,
  conflict: 0.15,
  refusedEntry: 0.3,
  refusedItem: 0.3,
  again: 0.3,
  slow: 0.1,
  wrongClock: 0.5,
};

/** What a plan is rather about, for a fault that is rare otherwise. */
export interface Bias {
  weights?: Partial<Record<CommandName, number>>;
  /** Kinds of faults that every run has, at their worst or as given. */
  faults?: Partial<FaultRates>;
  /** Milliseconds of a long break, in the middle of the plan. */
  breakOf?: number;
}

export function planOf(seed: string, length: number, bias: Bias = {}): Plan {
  const weights = { ...WEIGHTS, ...bias.weights };
  const random = createRandom(`plan/${seed}`);
  const drawnRates = Object.fromEntries(
    Object.entries(WORST).map(([kind, worst]) => [
      kind,
      random.chance(0.6) ? random.between(0, worst) : 0,
    ]),
  ) as unknown as FaultRates;
  const faults = { ...drawnRates, ...bias.faults };
  let at = 0;
  const steps = Array.from({ length }, (_, position): Step => {
    at += Math.round(pause(random));
    if (position === Math.floor(length / 2)) at += bias.breakOf ?? 0;
    return { command: drawn(random, weights), at, choice: random.int(2 ** 31) };
  });
  return { seed, faults, steps };
}

function drawn(random: Random, weights: Record<CommandName, number>): CommandName {
  const names = Object.keys(weights) as CommandName[];
  let left = random.next() * names.reduce((sum, name) => sum + weights[name], 0);
  for (const name of names) {
    left -= weights[name];
    if (left < 0) return name;
  }
  return "read";
}

const HOUR = 3_600_000;

/** Mostly what people do comes together; sometimes there is a break, and rarely one of hours or weeks. */
function pause(random: Random): number {
  if (random.chance(0.01)) return random.pick([2, 26, 24 * 40]) * HOUR;
  const kind = random.next();
  if (kind < 0.6) return random.between(0, 300);
  if (kind < 0.93) return random.between(300, 10_000);
  return random.between(10_000, 400_000);
}
