import { parseArgs, styleText } from "node:util";
import { invariantOf } from "./invariants/all.ts";
import { type Result, run } from "./runner/run.ts";
import { commandOf, type Selection, selected } from "./runner/selection.ts";
import { shrink } from "./runner/shrink.ts";
import { toothNamed } from "./teeth/all.ts";
import { isReading } from "./world/trace.ts";

/**
 * `npm run sim`: runs the services in a simulated world, seed after seed, until something is found that must
 * not be, or until the runs or minutes are over. A failure is made small, told, and can be had again.
 */

const MOST_SHRINKING = 150;
/** Lines of a small trace that a terminal is given; all of them, and who read what, with --trace. */
const LINES = 150;

const USAGE = `Usage: npm run sim -- [options]

Runs the services in a simulated world, seed after seed, until something is found that must not be.

  --runs N           so many runs (20, or one with --seed)
  --minutes N        as many as there is time for
  --seed S           begins with this seed: that run again, the same step by step
  --steps N          steps a run (30)
  --only N,N         these steps alone
  --faults A,B       these faults alone
  --without NAME     one mitigation is taken out: what does it break?
  --trace            everything that happened
  --quiet            nothing of runs in which all is well
  --help             this text`;

const values = readOptions();
const steps = Number(values.steps);
const first = values.seed ?? String(Date.now() % 1_000_000_000);
const until =
  values.minutes === undefined ? undefined : Date.now() + Number(values.minutes) * 60_000;
const runs = Number(values.runs ?? (values.seed !== undefined && until === undefined ? 1 : 20));

const tooth = values.without === undefined ? undefined : toothNamed(values.without);

const part: Pick<Selection, "only" | "faults"> = {
  ...(values.only !== undefined && { only: values.only.split(",").map(Number) }),
  ...(values.faults !== undefined && { faults: values.faults.split(",") }),
};

say(`seed ${first}, ${steps} steps a run`);
for (let number = 0; until === undefined ? number < runs : Date.now() < until; number++) {
  const seed = number === 0 ? first : nextSeed(first, number);
  const selection: Selection = { seed, steps, ...part };
  const result = await runOf(selection);
  const { uploads, ready, deleted, calls } = result.counts;
  const mark = result.violations.length === 0 ? styleText("green", "✓") : styleText("red", "✗");
  if (!values.quiet || result.violations.length > 0) {
    say(
      `${mark} seed ${seed}: ${uploads} uploads, ${ready} ready, ${deleted} deleted, ${calls} calls, trace ${result.digest}`,
    );
  }
  if (values.trace) say(result.trace.join("\n"));
  if (result.violations.length === 0) continue;
  await report(selection, result);
  process.exit(1);
}
say("nothing was found that must not be");

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: "string" },
        runs: { type: "string" },
        steps: { type: "string", default: "30" },
        minutes: { type: "string" },
        only: { type: "string" },
        faults: { type: "string" },
        without: { type: "string" },
        trace: { type: "boolean", default: false },
        quiet: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (!values.help) return values;
    say(USAGE);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}\n`);
    process.exit(2);
  }
}

/** With a mitigation taken out, if that was asked for. */
function runOf(selection: Selection): Promise<Result> {
  return run(selected(selection, tooth?.bias), tooth?.mutation());
}

/** A seed that is a number is counted on, so that runs can be named one by one. */
function nextSeed(seed: string, number: number): string {
  return /^\d+$/.test(seed) ? String(Number(seed) + number) : `${seed}.${number}`;
}

async function report(failing: Selection, { violations }: Result): Promise<void> {
  for (const violation of violations) say(styleText("red", `  ${violation}`));
  say(`again: ${commandOf(failing, tooth?.name)}`);
  say("making it smaller…");
  const kinds = new Set(violations.map(invariantOf));
  const small = await shrink(
    failing,
    async (smaller) => (await runOf(smaller)).violations.some((one) => kinds.has(invariantOf(one))),
    MOST_SHRINKING,
  );
  const result = await runOf(small);
  // Who only reads changes nothing: the story is told by the rest.
  const story = result.trace.filter((line) => !isReading(line));
  say(story.slice(0, LINES).join("\n"));
  if (story.length > LINES) say(`… and ${story.length - LINES} lines more`);
  for (const violation of result.violations) say(styleText("red", `  ${violation}`));
  say(`smaller: ${commandOf(small, tooth?.name)} --trace`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
