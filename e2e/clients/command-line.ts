import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../cli/bin/shoebox.mjs", import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** `shoebox` as a program of its own, with a home of its own. */
export function commandLine(home: string, url: string) {
  const env = {
    PATH: process.env.PATH,
    XDG_CONFIG_HOME: `${home}/config`,
    XDG_STATE_HOME: `${home}/state`,
    SHOEBOX_URL: url,
  };
  /** Starts it; `ended` resolves when it has. */
  function start(args: string[], more: { env?: Record<string, string>; input?: string } = {}) {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: home,
      env: { ...env, ...more.env },
      stdio: "pipe",
    });
    child.stdin.end(more.input ?? "");
    const ended = Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]).then(
      ([[code, signal], stdout, stderr]): Ended => ({ code, signal, stdout, stderr }),
    );
    return { child, ended };
  }
  const run = (...args: string[]) => start(args).ended;
  return {
    start,
    run,
    /** What it prints with `--json`, line by line. */
    async json<T>(...args: string[]): Promise<T[]> {
      const { stdout, stderr } = await run("--json", ...args);
      if (stderr) throw new Error(stderr);
      return stdout
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as T);
    },
  };
}
