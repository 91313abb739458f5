import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Evaluation, evaluateGraph } from "./evaluate.ts";
import type { Resource } from "./resource.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const cacheDir = join(root, "node_modules/.cache/shoebox");

/** All that an evaluation can depend on, besides the request itself. */
const sources = [
  "infra/**/*.{ts,yaml}",
  "services/*/src/**/*.ts",
  "shared/src/**/*.ts",
  "local/src/graph/**/*.ts",
  "package-lock.json",
];

/**
 * As evaluateGraph, remembered by the contents of everything it depends on: loading Pulumi takes
 * longer than the rest of a start, and between two starts the programs have rarely changed.
 */
export async function cachedGraph(evaluation: Evaluation): Promise<Resource[]> {
  const file = join(cacheDir, `graph-${fingerprint(evaluation)}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Resource[];
  const graph = await evaluateGraph(evaluation);
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(graph));
  renameSync(`${file}.${process.pid}`, file);
  return graph;
}

function fingerprint(evaluation: Evaluation): string {
  const hash = createHash("sha256").update(JSON.stringify(evaluation));
  for (const path of globSync(sources, { cwd: root }).sort()) {
    if (path.endsWith(".test.ts")) continue;
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex").slice(0, 32);
}
