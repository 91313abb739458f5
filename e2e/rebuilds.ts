import type { User } from "./client.ts";
import { eventually } from "./eventually.ts";

export interface Rebuild {
  rebuildId: string;
  status: "pending" | "running" | "verifying" | "completed" | "failed" | "cancelled";
  phase: string;
  progress: number;
  indexed: number;
  disagreements: { missing: number; stale: number; resurrected: number };
  index: string;
  previousIndex?: string;
  reason?: string;
  trouble?: string;
}

/** Begins a rebuild; where another is under way, when that has ended. */
export async function startRebuild(admin: User, body: object = {}): Promise<string> {
  const { body: begun } = await eventually(
    () => admin.call<{ rebuildId: string }>("POST", "/v1/search/rebuilds", { body }),
    ({ status }) => status === 202,
    60_000,
  );
  return begun.rebuildId;
}

export async function getRebuild(admin: User, rebuildId: string): Promise<Rebuild> {
  return (await admin.get<Rebuild>(`/v1/search/rebuilds/${rebuildId}`)).body;
}

/** Waits until it has ended, whichever way; resolves with what it says then. */
export async function endOf(admin: User, rebuildId: string, within = 60_000): Promise<Rebuild> {
  return eventually(
    () => getRebuild(admin, rebuildId),
    ({ phase }) => phase === "done",
    within,
  );
}

export interface Comparison {
  status: string;
  images: number;
  disagreementCount: number;
  disagreements: object[];
}

export async function compare(admin: User, within = 60_000): Promise<Comparison> {
  const { body } = await admin.call<{ comparisonId: string }>("POST", "/v1/search/comparisons");
  return eventually(
    async () => (await admin.get<Comparison>(`/v1/search/comparisons/${body.comparisonId}`)).body,
    ({ status }) => status === "completed" || status === "failed",
    within,
  );
}
