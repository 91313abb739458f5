import { execFile } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Bytes of memory that a process had when the watch began, and the most it has had since. */
export interface Resident {
  pid: number;
  name: string;
  before: number;
  peak: number;
}

/** Watches the resident memory of processes, twenty times a second, until it is told to stop. */
export async function watchMemory(
  processes: { pid: number; name: string }[],
): Promise<{ stop(): Promise<Resident[]> }> {
  const before = await residentBytes(processes.map(({ pid }) => pid));
  const peaks = new Map(before);
  let watching = true;
  const watch = (async () => {
    while (watching) {
      for (const [pid, bytes] of await residentBytes([...before.keys()])) {
        peaks.set(pid, Math.max(bytes, peaks.get(pid) ?? 0));
      }
      await pause(50);
    }
  })();
  return {
    async stop() {
      watching = false;
      await watch;
      return processes.map(({ pid, name }) => ({
        pid,
        name,
        before: before.get(pid) ?? 0,
        peak: peaks.get(pid) ?? 0,
      }));
    },
  };
}

async function residentBytes(pids: number[]): Promise<Map<number, number>> {
  const { stdout } = await run("ps", ["-o", "pid=,rss=", "-p", pids.join(",")]);
  const rows = stdout.trim().split("\n");
  return new Map(
    rows.map((row) => {
      const [pid = 0, kilobytes = 0] = row.trim().split(/\s+/).map(Number);
      return [pid, kilobytes * 1024];
    }),
  );
}
