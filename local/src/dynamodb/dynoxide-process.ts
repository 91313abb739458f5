import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { dynoxideBinary } from "./dynoxide-binary.ts";

const READY_WITHIN_MS = 10_000;
const STDERR_KEPT = 2_000;

/**
 * Node cannot ask the kernel to end a child with its parent, and a parent killed by SIGKILL runs no handler. So a
 * shell forks a watcher that reads our end of a pipe and then becomes the database itself: end of file without a
 * word means that we died, and the watcher kills the database (`$$` is its pid, kept by exec). A line means that we
 * ended it on purpose, so that the watcher never kills a stranger that got the same pid.
 */
const WATCHDOG = `exec 3<&0
( read -r word <&3 || kill -9 $$ ) >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-`;

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
  // The pipe breaks when the watcher is gone already; there is nothing left to tell it then.
  child.stdin?.on("error", () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`dynoxide cannot be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      child.stdin?.end("done\n");
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

function spawnWatched(binary: string, args: string[]): ChildProcess {
  // Windows has no sh: there the pid file alone ends what a killed owner left behind, at the next boot.
  if (process.platform === "win32")
    return spawn(binary, args, { stdio: ["pipe", "ignore", "pipe"] });
  return spawn("/bin/sh", ["-c", WATCHDOG, "sh", binary, ...args], {
    stdio: ["pipe", "ignore", "pipe"],
  });
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
