import { readFileSync } from "node:fs";
import type { System } from "../../../e2e/system.ts";

/** Milliseconds of a tick of the kernel's counters (`sysconf(_SC_CLK_TCK)`, 100 on every Linux that Node runs on). */
const TICK = 10;

/** Milliseconds of processor time by part of a running system. */
export type ProcessorTime = Record<string, number>;

/**
 * The processor time that each part of a running system has taken so far, of Linux's counters: its services, the
 * database, and the process of the local cloud, whose main thread has objects, bus, queues and the front door, and
 * whose others are the search engine above all.
 */
export function processorTime({ pid, services, children }: System): ProcessorTime {
  const known = Object.entries(services);
  const others = children().filter((child) => !known.some(([, service]) => service === child));
  const main = ticksOf(`/proc/${pid}/task/${pid}/stat`);
  const sum = (ticks: number[]) => ticks.reduce((all, each) => all + each, 0) * TICK;
  return {
    ...Object.fromEntries(
      known.map(([name, service]) => [name, sum([ticksOf(`/proc/${service}/stat`)])]),
    ),
    database: sum(others.map((other) => ticksOf(`/proc/${other}/stat`))),
    "bus, queues, objects, front door": sum([main]),
    "search engine": sum([ticksOf(`/proc/${pid}/stat`) - main]),
  };
}

/** What was taken between two looks. */
export function timeBetween(before: ProcessorTime, after: ProcessorTime): ProcessorTime {
  return Object.fromEntries(
    Object.entries(after).map(([part, time]) => [part, time - (before[part] ?? 0)]),
  );
}

/** User and system time; 0 for a process that has ended since it was listed. */
function ticksOf(path: string): number {
  try {
    // The name is in parentheses and may have spaces; the fields after it are numbered from 3.
    const fields = readFileSync(path, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return Number(fields[11]) + Number(fields[12]);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return 0;
    throw error;
  }
}
