import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { spawnWatched } from "../process/spawn-watched.ts";
import { dynoxideBinary } from "./dynoxide-binary.ts";

const READY_WITHIN_MS = 10_000;
const STDERR_KEPT = 2_000;

export interface DynoxideProcess {
  readonly pid: number;
  /** Resolves when the process has ended, with a sentence that tells how and its last words. */
  readonly ended: Promise<string>;
  kill(): Promise<void>;
}

/** Starts dynoxide over `dbPath` on 127.0.0.1:`port` and waits until it answers; rejects with its own words if it cannot. */
export async function startDynoxide(dbPath: string, port: number): Promise<DynoxideProcess> {
  const args = ["serve", "--host", "127.0.0.1", "--port", String(port), "--db-path", dbPath];
  const child = spawnWatched(dynoxideBinary(), args);
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  child.stdout?.resume();
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`dynoxide cannot be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      const last = stderr.trim();
      resolve(`dynoxide ended with ${signal ?? `code ${code}`}${last === "" ? "" : `: ${last}`}`);
    });
  });
  const failure = await Promise.race([ended, untilReady(child, port)]);
  if (failure !== undefined) {
    child.kill("SIGKILL");
    throw new Error(`The local DynamoDB cannot start: ${failure}`);
  }
  return {
    pid: child.pid ?? 0,
    ended,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 2_000);
      await exit;
      clearTimeout(timer);
    },
  };
}

/** Resolves with nothing when the server answers, with a sentence when it did not in time. */
async function untilReady(child: ChildProcess, port: number): Promise<string | undefined> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/`, {
        signal: AbortSignal.timeout(1_000),
      });
      if ((await answer.text()).startsWith("healthy")) return undefined;
    } catch {
      // Not listening yet: the loop asks again until the deadline.
    }
    await delay(5);
  }
  return `it did not answer within ${READY_WITHIN_MS / 1000} s`;
}
