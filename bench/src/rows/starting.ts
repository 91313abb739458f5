import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { newDataFolder, removeDataFolder, startSystem } from "../../../e2e/system.ts";
import { exactly, type Finding, type Row } from "../finding.ts";
import { processorTime } from "../measure/processor-time.ts";
import { spreadOf } from "../measure/statistics.ts";

/** Milliseconds after which a system that nobody uses has come to rest. */
const AT_REST = 5_000;

/** New data each time; the clone is prepared: packages are there, and the programs were evaluated before. */
export const starting: Row = {
  name: "starting",
  title: "`npm start` on a prepared clone, and what the idle system needs",
  async measure({ quick, say }) {
    const took: number[] = [];
    const busy: number[] = [];
    let memory: Process[] = [];
    for (let round = 0; round <= (quick ? 1 : 3); round++) {
      const folder = newDataFolder();
      const began = performance.now();
      const system = await startSystem(folder);
      if (round > 0) {
        took.push((performance.now() - began) / 1000);
        busy.push(Object.values(processorTime(system)).reduce((sum, ms) => sum + ms, 0) / 1000);
        say(`ready after ${took.at(-1)?.toFixed(1)} s`);
      }
      await pause(AT_REST);
      memory = processes([system.pid, ...system.children()]);
      await system.stop();
      removeDataFolder(folder);
    }
    return findings(took, busy, memory);
  },
};

function findings(took: number[], busy: number[], memory: Process[]): Finding[] {
  const total = memory.reduce((sum, { megabytes }) => sum + megabytes, 0);
  const parts = memory
    .sort((a, b) => b.megabytes - a.megabytes)
    .map(({ name, megabytes }) => `${name} ${Math.round(megabytes)}`);
  return [
    {
      what: "from the command to ready",
      ours: { ...spreadOf(took), unit: "s" },
      target: { atMost: 5 },
      note: `${spreadOf(busy).median.toFixed(1)} s of processor time in all processes together; new data each time`,
    },
    {
      what: `memory of the idle system, ${AT_REST / 1000} s later`,
      ours: exactly(total, "MB"),
      target: { atMost: 500 },
      note: `proportional (PSS), in MB: ${parts.join(", ")}`,
    },
  ];
}

interface Process {
  name: string;
  megabytes: number;
}

/** What each process has of the machine's memory, shared pages divided among those who share them; Linux only. */
function processes(pids: number[]): Process[] {
  return pids.map((pid) => {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    const kilobytes = Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? Number.NaN);
    return { name: nameOf(command), megabytes: kilobytes / 1024 };
  });
}

function nameOf(command: string[]): string {
  const spec = command.find((part) => /lambda\/\w+\.json$/.test(part));
  if (spec) return /(\w+)\.json$/.exec(spec)?.[1] ?? "a service";
  if (command[0]?.includes("dynoxide")) return "dynamodb";
  return "the rest of the cloud";
}
