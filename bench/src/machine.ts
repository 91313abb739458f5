import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** The machine in one line: what figures depend on, and nothing that tells whose it is. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.replace(/\s+/g, " ").trim() || "unknown CPU";
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GB`;
  const node = `Node ${process.versions.node}`;
  return [model, `${availableParallelism()} cores`, memory, process.platform, node].join(", ");
}

/** Runnable processes over the last minute, cores not counted: how much else the machine had to do. */
export function currentLoad(): string {
  return loadavg()[0]?.toFixed(1) ?? "unknown";
}
