import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../ops/src/main.ts", import.meta.url));

interface Ended {
  code: unknown;
  stdout: string;
  stderr: string;
}

/** Runs `npm run ops -- …` with nothing of this process's environment but what is given. */
export function runOps(args: string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", PROGRAM, ...args],
      { env: { PATH: process.env.PATH, ...env } },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}
