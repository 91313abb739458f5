import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, styleText } from "node:util";
import type { Finding } from "./finding.ts";
import { currentLoad, describeMachine } from "./machine.ts";
import { installPeers } from "./peers.ts";
import { inMarkdown, type Measured, withResults } from "./report/markdown.ts";
import { inTerminal } from "./report/terminal.ts";
import { rows } from "./rows.ts";

const USAGE = `Usage: npm run bench -- [options] [ROW…]

Measures what the design promises, side by side with what it is held against, and prints a table.
A run of all rows writes it into docs/benchmarks.md, too.

  --quick            a fraction of the rounds: for a look; nothing is written
  --opensearch URL   rows that need a search engine use this one as well as the embedded one

Rows: ${rows.map(({ name }) => name).join(", ")}`;

const page = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));
const script = fileURLToPath(new URL("row-process.ts", import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    opensearch: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
const unknown = positionals.filter((name) => !rows.some((row) => row.name === name));
if (values.help || unknown.length > 0) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(values.help ? 0 : 2);
}

await installPeers(say);
const wanted = rows.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const measured: Measured[] = [];
const before = currentLoad();
for (const { name, title } of wanted) {
  say(`${name}: ${title}`);
  measured.push({ name, title, ...(await measure(name)) });
  if (positionals.length === 0 && !values.quick) write();
}
process.stdout.write(`${inTerminal(measured)}\n`);
say(`${describeMachine()}; load average ${load()}`);
// A target that is missed is a finding, not a failure; a row that can't be measured is one.
process.exitCode = measured.some(({ failure }) => failure !== undefined) ? 1 : 0;

/** After each row, so that a run that is broken off has not been for nothing. */
function write(): void {
  const results = inMarkdown(measured, {
    machine: describeMachine(),
    load: load(),
    at: new Date(),
  });
  writeFileSync(page, withResults(readFileSync(page, "utf8"), results));
}

function load(): string {
  return `${before} when it began, ${currentLoad()} when it ended`;
}

/** Findings of a row, or in one sentence why there are none: the other rows are measured all the same. */
async function measure(name: string): Promise<{ findings: Finding[]; failure?: string }> {
  const options = JSON.stringify({ quick: values.quick, opensearch: values.opensearch });
  const child = fork(script, [name, options], {
    // The functions write their log there, as they do everywhere; nobody reads it here.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  let findings: Finding[] | undefined;
  child.on("message", (message: { say?: string; findings?: Finding[] }) => {
    if (message.say) say(`  ${message.say}`);
    findings = message.findings ?? findings;
  });
  const [code, signal] = await once(child, "exit");
  if (findings) return { findings };
  return { findings: [], failure: `its process ended (${signal ?? `code ${code}`}); see above` };
}

function say(line: string): void {
  process.stderr.write(`${styleText("dim", line)}\n`);
}
