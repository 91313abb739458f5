import type { Figure, Finding } from "../finding.ts";
import type { Spread } from "../measure/statistics.ts";

/** Three significant digits, or all before the point: more would say more than was measured. */
function number(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en", { maximumFractionDigits: Math.min(digits, 3) });
}

export const median = (figure: Figure): string => `${number(figure.median)} ${figure.unit}`.trim();

/** The median, and the quartiles where they differ. */
export function withSpread(spread: Spread, unit: string): string {
  const { median: middle, low, high } = spread;
  const range = number(low) === number(high) ? "" : ` (${number(low)}–${number(high)})`;
  return `${number(middle)}${unit}${range}`;
}

export function target({ target: wanted, ratio, ours }: Finding): string {
  if (!wanted) return "";
  const unit = ratio ? "×" : ` ${ours.unit}`;
  return "atMost" in wanted
    ? `≤ ${number(wanted.atMost)}${unit}`
    : `≥ ${number(wanted.atLeast)}${unit}`;
}
