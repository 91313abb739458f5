import type { Spread } from "./measure/statistics.ts";

/** What a row found out: one line of the table. */
export interface Finding {
  what: string;
  ours: Figure;
  /** What it is held against; absent when that is the target itself. */
  peer?: Figure & { name: string };
  /** Ours over the peer's, or the other way round: as the target says it. */
  ratio?: Spread;
  target?: Target;
  /** What whoever reads the figures has to know: above all where the work is not quite the same. */
  note?: string;
}

export interface Figure extends Spread {
  unit: string;
}

/** What must hold, of the ratio where there is one, of our own figure otherwise. */
export type Target = { atMost: number } | { atLeast: number };

/** True when the median holds the target; undefined where there is none. */
export function isMet({ ratio, ours, target }: Finding): boolean | undefined {
  if (!target) return undefined;
  const { median } = ratio ?? ours;
  return "atMost" in target ? median <= target.atMost : median >= target.atLeast;
}

/** A row of the table: how it is asked for, and what measures it. */
export interface Row {
  name: string;
  /** What the design says of it, in words. */
  title: string;
  measure(options: RowOptions): Promise<Finding[]>;
}

export interface RowOptions {
  /** A fraction of the rounds: for a look, not for the record. */
  quick: boolean;
  /** An OpenSearch that runs, to be used instead of the embedded engine. */
  opensearch?: string;
  /** Tells whoever waits what is being done. */
  say(line: string): void;
}

export const exactly = (value: number, unit: string): Figure => ({
  median: value,
  low: value,
  high: value,
  unit,
});
