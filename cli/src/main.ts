import { CommanderError } from "commander";
import { interrupted, listenToSignals } from "./context.ts";
import { explain } from "./explain.ts";
import { ExitCode, Failure } from "./failure.ts";
import { createProgram } from "./program.ts";

/** `shoebox`: a Shoebox from the command line. */

listenToSignals();
// Whoever read our words may have enough of them, such as `head`.
process.stdout.on("error", () => process.exit(ExitCode.done));

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): ExitCode {
  // Commander has said it: its help, or what it does not understand.
  if (error instanceof CommanderError)
    return error.exitCode === 0 ? ExitCode.done : ExitCode.misuse;
  if (interrupted.aborted && !(error instanceof Failure)) {
    process.stderr.write("Interrupted.\n");
    return ExitCode.interrupted;
  }
  const explained = explain(error);
  if (!explained) throw error;
  const { sentence, code, requestId, exitCode } = explained;
  const json = process.argv.includes("--json");
  process.stderr.write(
    `${json ? JSON.stringify({ error: sentence, code, requestId }) : sentence}\n`,
  );
  return exitCode;
}
