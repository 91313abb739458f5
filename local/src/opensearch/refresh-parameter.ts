import type { Cluster } from "./cluster.ts";
import { illegalArgument } from "./errors.ts";
import type { Index } from "./indices.ts";

export type RefreshPolicy = "true" | "false" | "wait_for";

export function parseRefresh(value: string | null): RefreshPolicy {
  if (value === null || value === "false") return "false";
  if (value === "" || value === "true") return "true";
  if (value === "wait_for") return "wait_for";
  throw illegalArgument(`Unknown value for refresh: [${value}].`);
}

/** Does after a write what its `refresh` parameter asks for; resolves when the write may be answered. */
export async function applyRefresh(
  cluster: Cluster,
  indices: Iterable<Index>,
  policy: RefreshPolicy,
): Promise<void> {
  const waits: Promise<void>[] = [];
  for (const index of indices) {
    if (policy === "true") cluster.refresher.refresh(index);
    else cluster.refresher.written(index);
    if (policy !== "wait_for") continue;
    waits.push(new Promise((resolve) => cluster.refresher.afterRefresh(index, resolve)));
  }
  await Promise.all(waits);
}
