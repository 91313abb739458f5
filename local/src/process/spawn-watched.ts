import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

/**
 * Node cannot ask the kernel to end a child with its parent, and a parent killed by SIGKILL runs no handler. So a
 * shell forks a watcher that reads our end of a pipe and then becomes the program itself: end of file without a
 * word means that we died, and the watcher kills the program (`$$` is its pid, kept by exec). A line means that we
 * ended it on purpose, so that the watcher never kills a stranger that got the same pid.
 */
const WATCHDOG = `exec 3<&0
( read -r word <&3 || kill -9 $$ ) >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-`;

/**
 * Starts a program that ends when this process does, however that ends. Its output comes through pipes.
 *
 * Windows has no sh: there the program outlives a parent that is killed.
 */
export function spawnWatched(
  program: string,
  args: string[],
  options: Pick<SpawnOptions, "cwd" | "env" | "uid" | "gid"> = {},
): ChildProcess {
  const piped: SpawnOptions = { ...options, stdio: ["pipe", "pipe", "pipe"] };
  if (process.platform === "win32") return spawn(program, args, piped);
  const child = spawn("/bin/sh", ["-c", WATCHDOG, "sh", program, ...args], piped);
  // The pipe breaks when the watcher is gone already; there is nothing left to tell it then.
  child.stdin?.on("error", () => undefined);
  child.once("exit", () => child.stdin?.end("done\n"));
  return child;
}
