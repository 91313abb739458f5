import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../local/src/cloud/main.ts", import.meta.url));
/** Milliseconds. A start takes a few seconds; more only on a machine that is busy with something else. */
const READY_WITHIN = 60_000;

export interface System {
  url: string;
  pid: number;
  /** The processes of the services, by service, as they were when it became ready. */
  services: Record<string, number>;
  /** Ends it as Ctrl-C does; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** The processes it has started, at any depth. */
  children(): number[];
  /** Kills the main process with SIGKILL and resolves with the processes it had started. */
  kill(): Promise<number[]>;
  /** Kills every process of it with SIGKILL and resolves when none runs any more. */
  killAll(): Promise<void>;
}

/** How a start ended that did not lead to a running system. */
export interface Ended {
  code: number | null;
  stderr: string;
}

export function newDataFolder(): string {
  return mkdtempSync(join(tmpdir(), "shoebox-e2e-"));
}

export function removeDataFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Starts the real system as `npm start` does, on any free port. With SHOEBOX_E2E_OPENSEARCH it uses
 * that OpenSearch instead of the embedded stand-in, with SHOEBOX_E2E_BUNDLES the functions as
 * `npm run build` made them.
 *
 * @throws Error with what it said when it ends before it is ready
 */
export async function startSystem(folder: string, ...options: string[]): Promise<System> {
  const child = launch(["--data", folder, "--port", "0", ...options]);
  const said = child.stderr ? text(child.stderr) : Promise.resolve("");
  const line = await firstLine(child);
  if (line === undefined) throw new Error(`The system did not start: ${await said}`);
  const { url, pids } = JSON.parse(line) as { url: string; pids: Record<string, number> };
  const pid = child.pid ?? 0;
  return {
    url,
    pid,
    services: pids,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, "exit");
        child.kill("SIGINT");
        await ended;
      }
      return child.exitCode;
    },
    children: () => descendants(pid),
    kill: async () => {
      const children = descendants(pid);
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      return children;
    },
    killAll: async () => {
      const all = [pid, ...descendants(pid)];
      for (const each of all) killNow(each);
      while (stillRunning(all).length > 0) await pause(20);
    },
  };
}

/** One that has just ended by itself, because another did, is dead as well. */
function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A start that is expected to be refused; resolves when the process has ended. */
export async function startRefused(...options: string[]): Promise<Ended> {
  const child = launch(options);
  const said = child.stderr ? text(child.stderr) : Promise.resolve("");
  const timer = setTimeout(() => child.kill("SIGINT"), READY_WITHIN);
  if (child.exitCode === null) await once(child, "exit");
  clearTimeout(timer);
  return { code: child.exitCode, stderr: await said };
}

function launch(options: string[]): ChildProcess {
  const opensearch = process.env.SHOEBOX_E2E_OPENSEARCH;
  return spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      entry,
      "--json",
      ...(opensearch ? ["--opensearch", opensearch] : []),
      ...(process.env.SHOEBOX_E2E_BUNDLES ? ["--bundles"] : []),
      ...options,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
}

/** The first line on stdout; undefined when the process ends without one. */
async function firstLine(child: ChildProcess): Promise<string | undefined> {
  const late = setTimeout(() => child.kill("SIGKILL"), READY_WITHIN);
  let output = "";
  try {
    for await (const chunk of child.stdout ?? []) {
      output += chunk;
      const [line, rest] = output.split("\n", 2);
      if (rest !== undefined) return line;
    }
    return undefined;
  } finally {
    clearTimeout(late);
  }
}

/** The processes that come from this one, at any depth, as `ps` knows them. */
function descendants(root: number): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim();
  const processes = lines.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    processes.filter(([, ppid]) => ppid === parent).flatMap(([pid = 0]) => [pid, ...below(pid)]);
  return below(root);
}

/** Which of these processes still run; one that ended and was not waited for (a zombie) does not. */
export function stillRunning(pids: number[]): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,stat="], { encoding: "utf8" }).trim();
  const running = lines
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, state]) => !state?.startsWith("Z"))
    .map(([pid]) => Number(pid));
  return pids.filter((pid) => running.includes(pid));
}
