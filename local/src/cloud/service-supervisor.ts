import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServiceSpec } from "../lambda/spec.ts";

const script = fileURLToPath(new URL("../lambda/service-process.ts", import.meta.url));
/** Node keeps compiled modules here, types stripped: the second start need not do it again. */
const compileCache = fileURLToPath(
  new URL("../../../node_modules/.cache/compile", import.meta.url),
);
const RESTART_PAUSES_MS = [100, 500, 2_000, 5_000];
const READY_WITHIN_MS = 30_000;

export interface SupervisedService {
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/**
 * Runs a service in a process of its own and starts it again when it ends. Its log is a file of
 * JSON lines in the data folder. Resolves when the service answers; rejects when it never does.
 *
 * @param options.onCrash told of every end that nobody asked for
 */
export async function superviseService(
  spec: ServiceSpec,
  options: { dataDir: string; onCrash: (reason: string) => void },
): Promise<SupervisedService> {
  const specFile = join(options.dataDir, "lambda", `${spec.service}.json`);
  mkdirSync(spec.dataDir, { recursive: true });
  mkdirSync(join(options.dataDir, "logs"), { recursive: true });
  writeFileSync(specFile, JSON.stringify(spec), { mode: 0o600 });
  const logFile = join(options.dataDir, "logs", `${spec.service}.log`);

  let stopping = false;
  let crashes = 0;
  let child: ChildProcess;

  async function run(): Promise<void> {
    const log = createWriteStream(logFile, { flags: "a" });
    child = fork(script, [specFile], {
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache },
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child.stdout?.pipe(log);
    child.stderr?.pipe(log);
    const current = child;
    const ready = new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`The ${spec.service} service did not start; see ${logFile}.`)),
        READY_WITHIN_MS,
      );
      current.on("message", (message: { type?: string }) => {
        if (message?.type !== "ready") return;
        clearTimeout(late);
        resolve();
      });
      current.once("exit", (code, signal) => {
        clearTimeout(late);
        reject(
          new Error(
            `The ${spec.service} service ended (${signal ?? `code ${code}`}); see ${logFile}.`,
          ),
        );
      });
    });
    await ready;
    current.once("exit", (code, signal) => {
      if (!stopping) void restart(signal ?? `code ${code}`);
    });
  }

  async function restart(reason: string): Promise<void> {
    options.onCrash(`The ${spec.service} service ended (${reason}) and is started again.`);
    const pause = RESTART_PAUSES_MS[Math.min(crashes, RESTART_PAUSES_MS.length - 1)];
    crashes += 1;
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (stopping) return;
    await run().catch((error: Error) => restart(error.message));
  }

  await run();
  return {
    get pid() {
      return child.pid;
    },
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
