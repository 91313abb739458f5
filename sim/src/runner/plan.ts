import { abort } from "../commands/abort.ts";
import type { Command } from "../commands/command.ts";
import { edit } from "../commands/edit.ts";
import { list, read, search } from "../commands/read.ts";
import { remove } from "../commands/remove.ts";
import { upload } from "../commands/upload.ts";
import { outage, redrive, replay, runSchedule } from "../commands/world.ts";
import type { FaultRates } from "../world/faults.ts";
import { createRandom, type Random } from "../world/random.ts";

export const commands = {
  upload,
  edit,
  remove,
  abort,
  read,
  list,
  search,
  outage,
  replay,
  redrive,
  runSchedule,
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
  steps: Step[];
}

/** How often each is drawn, in relation to the others. */
const WEIGHTS: Record<CommandName, number> = {
  upload: 28,
  edit: 18,
  remove: 13,
  abort: 2,
  read: 14,
  list: 5,
  search: 4,
  outage: 2,
  replay: 1,
  redrive: 1,
  runSchedule: 2,
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
};

export function planOf(seed: string, length: number): Plan {
  const random = createRandom(`plan/${seed}`);
  const faults = Object.fromEntries(
    Object.entries(WORST).map(([kind, worst]) => [
      kind,
      random.chance(0.6) ? random.between(0, worst) : 0,
    ]),
  ) as unknown as FaultRates;
  let at = 0;
  const steps = Array.from({ length }, (): Step => {
    at += Math.round(pause(random));
    return { command: drawn(random), at, choice: random.int(2 ** 31) };
  });
  return { seed, faults, steps };
}

function drawn(random: Random): CommandName {
  const names = Object.keys(WEIGHTS) as CommandName[];
  let left = random.next() * names.reduce((sum, name) => sum + WEIGHTS[name], 0);
  for (const name of names) {
    left -= WEIGHTS[name];
    if (left < 0) return name;
  }
  return "read";
}

/** Mostly what people do comes together; sometimes there is a break. */
function pause(random: Random): number {
  const kind = random.next();
  if (kind < 0.6) return random.between(0, 300);
  if (kind < 0.93) return random.between(300, 10_000);
  return random.between(10_000, 400_000);
}
