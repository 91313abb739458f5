import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Refusal } from "./refusal.ts";

/** Everything that listens, besides the front door. */
export const parts = [
  "cdn",
  "cloudfront",
  "dynamodb",
  "eventbridge",
  "opensearch",
  "s3",
  "secrets",
  "sqs",
  "upload",
  "catalog",
  "processing",
  "search",
] as const;
export type Part = (typeof parts)[number];

/**
 * A port for the front door and one for every part. Parts keep the ports they had on this data
 * folder when these are free, so that URLs given out before a restart still work after it.
 *
 * @param wanted the front door's port; 0 takes the one it had, or any free one
 * @throws Refusal when the wanted port is taken
 */
export async function choosePorts(
  dataDir: string,
  wanted: number,
): Promise<Record<Part | "front", number>> {
  const file = join(dataDir, "cloud", "ports.json");
  const before = readBefore(file);
  if (wanted !== 0 && !(await isFree(wanted))) {
    throw new Refusal(
      `Port ${wanted} is taken. Choose another with --port N, or any free one with --port 0.`,
    );
  }
  const names = wanted === 0 ? ["front", ...parts] : [...parts];
  const chosen = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await freePort(before[name])])),
  ) as Record<Part | "front", number>;
  if (wanted !== 0) chosen.front = wanted;
  mkdirSync(join(dataDir, "cloud"), { recursive: true });
  writeFileSync(file, JSON.stringify(chosen));
  return chosen;
}

function readBefore(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // The first start on this folder, or one that ended while it was writing: any port will do.
    return {};
  }
}

async function freePort(preferred: number | undefined): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  return (await listenOn(0)) ?? 0;
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOn(port)) !== undefined;
}

/** Listens for a moment; the port it had, or undefined when that was taken. */
function listenOn(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const taken = typeof address === "object" && address ? address.port : undefined;
      server.close(() => resolve(taken));
    });
  });
}
