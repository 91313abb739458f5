import { connect } from "./api.ts";
import { understand } from "./command-line.ts";
import { commands } from "./commands.ts";
import { ExitCode, Failure } from "./failure.ts";
import { createScreen } from "./screen.ts";

/** `npm run ops -- COMMAND`: what those who run a Shoebox need. */

// Whoever read our words may be gone before we are done, such as `head`.
process.stdout.on("error", () => process.exit(ExitCode.notGood));

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}

async function main(): Promise<ExitCode> {
  const asked = understand(process.argv.slice(2), commands, process.env);
  const screen = createScreen(process.stdout);
  if (asked.kind === "help") {
    screen.say(asked.text);
    return ExitCode.done;
  }
  const { command, given, url, token, json } = asked;
  return command.run(given, { api: connect({ url, token, options: given.options }), screen, json });
}
