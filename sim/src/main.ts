import { parseArgs, styleText } from "node:util";
import { type Result, run } from "./runner/run.ts";
import { commandOf, type Selection, selected } from "./runner/selection.ts";
import { shrink } from "./runner/shrink.ts";

/**
 * `npm run sim`: runs the services in a simulated world, seed after seed, until something is found that must
 * not be, or until the runs or minutes are over. A failure is made small, told, and can be had again.
 */

const MOST_SHRINKING = 150;
/** Lines of a trace that a terminal is given; all of them with --trace. */
const LINES = 120;

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    runs: { type: "string" },
    steps: { type: "string", default: "30" },
    minutes: { type: "string" },
    only: { type: "string" },
    faults: { type: "string" },
    trace: { type: "boolean", default: false },
    quiet: { type: "boolean", default: false },
  },
});

const steps = Number(values.steps);
const first = values.seed ?? String(Date.now() % 1_000_000_000);
const until =
  values.minutes === undefined ? undefined : Date.now() + Number(values.minutes) * 60_000;
const runs = Number(values.runs ?? (values.seed !== undefined && until === undefined ? 1 : 20));

const part: Pick<Selection, "only" | "faults"> = {
  ...(values.only !== undefined && { only: values.only.split(",").map(Number) }),
  ...(values.faults !== undefined && { faults: values.faults.split(",") }),
};

say(`seed ${first}, ${steps} steps a run`);
for (let number = 0; until === undefined ? number < runs : Date.now() < until; number++) {
  const seed = number === 0 ? first : nextSeed(first, number);
  const selection: Selection = { seed, steps, ...part };
  const result = await run(selected(selection));
  const { uploads, ready, deleted, calls } = result.counts;
  const mark = result.violations.length === 0 ? styleText("green", "✓") : styleText("red", "✗");
  if (!values.quiet || result.violations.length > 0) {
    say(
      `${mark} seed ${seed}: ${uploads} uploads, ${ready} ready, ${deleted} deleted, ${calls} lines, trace ${result.digest}`,
    );
  }
  if (values.trace) say(result.trace.join("\n"));
  if (result.violations.length === 0) continue;
  await report(selection, result);
  process.exit(1);
}
say("nothing was found that must not be");

/** A seed that is a number is counted on, so that runs can be named one by one. */
function nextSeed(seed: string, number: number): string {
  return /^\d+$/.test(seed) ? String(Number(seed) + number) : `${seed}.${number}`;
}

async function report(failing: Selection, { violations }: Result): Promise<void> {
  for (const violation of violations) say(styleText("red", `  ${violation}`));
  say(`again: ${commandOf(failing)}`);
  say("making it smaller…");
  const kinds = new Set(violations.map(kindOf));
  const small = await shrink(
    failing,
    async (smaller) =>
      (await run(selected(smaller))).violations.some((one) => kinds.has(kindOf(one))),
    MOST_SHRINKING,
  );
  const result = await run(selected(small));
  say(result.trace.slice(-LINES).join("\n"));
  for (const violation of result.violations) say(styleText("red", `  ${violation}`));
  say(`smaller: ${commandOf(small)} --trace`);
}

/** Which invariant it is, without the names of this run. */
function kindOf(violation: string): string {
  return violation.split(":")[0] ?? "";
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
