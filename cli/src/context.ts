import type { ShoeboxClient } from "@shoebox/client";
import type { Command } from "commander";
import { connect } from "./connection.ts";
import { ExitCode } from "./failure.ts";
import { createOutput, type Output } from "./output.ts";

/** What every command may need. */
export interface Context {
  /** The Shoebox that is meant, with a token. */
  connect(): Promise<ShoeboxClient>;
  out: Output;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  env: Record<string, string | undefined>;
  /** `--url`, where it was given. */
  url: string | undefined;
  /** Notes that not all was done; the command goes on. */
  failed(exitCode?: ExitCode): void;
}

interface Common {
  url?: string;
  json?: boolean;
}

const interrupt = new AbortController();

/** The first Ctrl-C ends what is being done in order, the second one at once. */
export function listenToSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (interrupt.signal.aborted) process.exit(ExitCode.interrupted);
      process.exitCode = ExitCode.interrupted;
      interrupt.abort(new Error("Interrupted."));
    });
  }
}

export const interrupted = interrupt.signal;

/** Makes a command's action of what it does with a context, the words and the options. */
export function runs<Options>(
  run: (context: Context, words: string[], options: Options) => Promise<void>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const options = command.optsWithGlobals<Options & Common>();
    const { env, stdout, stderr } = process;
    const context: Context = {
      connect: () => connect(options.url, env),
      out: createOutput(options.json ?? false, stdout, stderr),
      signal: interrupted,
      env,
      url: options.url,
      failed: (exitCode = ExitCode.notDone) => {
        process.exitCode ||= exitCode;
      },
    };
    await run(context, command.args, options);
  };
}
