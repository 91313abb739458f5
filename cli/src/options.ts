import { InvalidArgumentError } from "commander";

/** `--tag a --tag b`, and `--tag a,b`: no tag has a comma. */
export function several(value: string, before: string[] = []): string[] {
  return [...before, ...value.split(",").filter(Boolean)];
}

/** A whole number of at least one. */
export function positive(value: string): number {
  if (/^[1-9]\d{0,6}$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It has to be a whole number from 1 on.");
}

/** A point in time, as ISO 8601 has it; a date alone is its midnight UTC. */
export function instant(value: string): string {
  const time = /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new InvalidArgumentError(
      "It has to be a date or time such as 2026-01-31 or 2026-01-31T12:00:00Z.",
    );
  }
  return new Date(time).toISOString();
}
