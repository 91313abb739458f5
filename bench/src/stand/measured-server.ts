import { milliseconds } from "../measure/cpu.ts";
import { startChild } from "./child.ts";

export interface MeasuredServer {
  url: string;
  /** Milliseconds of processor time since the process began. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts one of the servers beside this file in a process of its own. */
export async function startMeasured(
  script: "function-server.ts" | "companion-server.ts" | "transaction-server.ts",
  ...args: string[]
): Promise<MeasuredServer> {
  const child = await startChild(script, ...args);
  const { port } = child.hello as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    cpu: async () => milliseconds((await child.ask<{ cpu: NodeJS.CpuUsage }>()).cpu),
    stop: () => child.stop(),
  };
}
