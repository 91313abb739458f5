import { styleText } from "node:util";
import { count, duration } from "./amounts.ts";
import type { Job } from "./jobs.ts";

const WIDTH = 24;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** What a line of progress tells; what is not known is left out. */
export type Progress = Pick<Job, "status" | "progress" | "trouble"> & {
  phase?: string;
  indexed?: number;
  expected?: number;
  ratePerSecond?: number;
  secondsLeft?: number;
};

/** One line: `━━━━╌╌╌╌  62 %  filling · 62,100 of 100,000 · 8,300/s · 4 s left`. */
export function progressLine(progress: Progress): string {
  const { indexed, expected, ratePerSecond, secondsLeft, trouble } = progress;
  const parts = [
    progress.phase ?? progress.status,
    ...(indexed === undefined ? [] : [amount(indexed, expected)]),
    ...(ratePerSecond === undefined ? [] : [`${count(ratePerSecond)}/s`]),
    ...(secondsLeft === undefined ? [] : [`${duration(secondsLeft)} left`]),
    ...(trouble === undefined ? [] : [styleText("yellow", `waits: ${trouble}`)]),
  ];
  const percent = `${Math.floor(progress.progress * 100)} %`.padStart(5);
  return `${bar(progress.progress)} ${percent}  ${parts.join(" · ")}`;
}

function amount(indexed: number, expected: number | undefined): string {
  return expected === undefined ? count(indexed) : `${count(indexed)} of ${count(expected)}`;
}

/** As long for every progress; an eighth of a character is its smallest step. */
function bar(progress: number): string {
  const eighths = Math.floor(Math.min(1, Math.max(0, progress)) * WIDTH * 8);
  const filled = "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
  return styleText("cyan", filled) + styleText("dim", "░".repeat(WIDTH - filled.length));
}
