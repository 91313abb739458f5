import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/**
 * The watchdog ends the database when its owner dies, but the watchdog itself can be killed too. The pid file
 * remembers `<database pid> <owner pid>`, so that the next boot finds what was left behind and ends it.
 */
export function writePidFile(file: string, pid: number): void {
  writeFileSync(file, `${pid} ${process.pid}\n`);
}

export function removePidFile(file: string): void {
  rmSync(file, { force: true });
}

/**
 * Ends a database process that a dead owner left holding `dbPath`.
 * Throws when the owner is alive: two owners of one data directory would corrupt each other's state.
 */
export async function endStaleProcess(file: string, dbPath: string): Promise<void> {
  const [pid = 0, owner = 0] = readNumbers(file);
  if (pid === 0 || !holds(pid, dbPath)) return;
  if (owner > 0 && isAlive(owner)) {
    throw new Error(
      `The data of the local DynamoDB (${dbPath}) is in use by process ${owner}; stop it first.`,
    );
  }
  if (isAlive(pid)) process.kill(pid, "SIGKILL");
  for (let waited = 0; holds(pid, dbPath); waited += 5) {
    if (waited > 2_000) throw new Error(`Process ${pid} holds ${dbPath} and cannot be ended.`);
    await delay(5);
  }
}

function readNumbers(file: string): number[] {
  try {
    return readFileSync(file, "utf8").trim().split(" ").map(Number).filter(Number.isInteger);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** A pid alone proves nothing, because pids are reused: the command line must name our database. */
function holds(pid: number, dbPath: string): boolean {
  try {
    const command =
      process.platform === "linux"
        ? readFileSync(`/proc/${pid}/cmdline`, "utf8")
        : execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" });
    return command.includes("dynoxide") && command.includes(dbPath);
  } catch {
    // Neither /proc nor ps knows the pid: the process is gone.
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
