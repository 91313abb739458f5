import { styleText } from "node:util";
import { type Journey, type Step, steps } from "./journey.ts";

const NAME_WIDTH = 26;
const STEP_WIDTH = 11;
/** Milliseconds between two pictures of the live part. */
const FRAME = 80;
const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

export interface Board {
  /** A line for good, above whatever is still moving. */
  say(line: string): void;
  /** Shows these journeys as they go on (on a terminal only). */
  watch(journeys: Set<Journey>): void;
  /** The journey's line, for good. */
  arrived(journey: Journey): void;
  stop(): void;
}

/** Where the demo writes: what has ended scrolls up, what moves stays at the bottom. Without a terminal only what has ended. */
export function createBoard(out: NodeJS.WriteStream): Board {
  let moving = new Set<Journey>();
  let drawn = 0;
  let frame = 0;
  const live = out.isTTY === true;

  const clear = () => {
    if (drawn > 0) out.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = () => {
    if (!live) return;
    const sign = spinner[frame++ % spinner.length] ?? "";
    const lines = [...moving].map((journey) => `${styleText("cyan", sign)} ${row(journey)}`);
    out.write(lines.map((line) => `${line}\n`).join(""));
    drawn = lines.length;
  };
  const redraw = () => {
    clear();
    draw();
  };
  const timer = live ? setInterval(redraw, FRAME) : undefined;

  const say = (line: string) => {
    clear();
    out.write(`${line}\n`);
    draw();
  };
  return {
    say,
    watch: (journeys) => {
      moving = journeys;
    },
    arrived: (journey) => {
      const mark = journey.refused ? styleText("yellow", "✗") : styleText("green", "✓");
      say(`${mark} ${row(journey)}`);
      if (journey.refused)
        say(styleText("yellow", `  ${" ".repeat(NAME_WIDTH)}  ${journey.refused}`));
    },
    stop: () => {
      clearInterval(timer);
      clear();
    },
  };
}

/** The names of the columns of all rows. */
export function heading(): string {
  const columns = steps.map((step) => step.padStart(STEP_WIDTH)).join("");
  return styleText(
    "bold",
    `  ${"picture".padEnd(NAME_WIDTH)}${columns}${"all".padStart(STEP_WIDTH)}`,
  );
}

function row({ picture, reached }: Journey): string {
  const cells = steps.map((step) => time(duration(reached, step)).padStart(STEP_WIDTH));
  const all = Math.max(0, ...Object.values(reached));
  return `${fit(picture.name)}${cells.join("")}${styleText("bold", time(all).padStart(STEP_WIDTH))}`;
}

/** Milliseconds that a step took: from the step before it that was reached. */
export function duration(reached: Journey["reached"], step: Step): number | undefined {
  const at = reached[step];
  if (at === undefined) return undefined;
  const earlier = steps.slice(0, steps.indexOf(step)).map((before) => reached[before] ?? 0);
  // Facts travel by themselves: one may be seen before the answer that it follows from.
  return Math.max(0, at - Math.max(0, ...earlier));
}

export function time(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return "·";
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000
    ? `${(bytes / 1_000).toFixed(1)} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function fit(name: string): string {
  const short = name.length > NAME_WIDTH - 1 ? `${name.slice(0, NAME_WIDTH - 2)}…` : name;
  return short.padEnd(NAME_WIDTH);
}
