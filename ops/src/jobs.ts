/** What the search service says of its long pieces of work. */

export type Status = "pending" | "running" | "verifying" | "completed" | "failed" | "cancelled";

export interface Job {
  status: Status;
  /** 0 to 1. */
  progress: number;
  index: string;
  /** Of the catalog, once it is compared. */
  owners?: number;
  images?: number;
  /** Why it failed. */
  reason?: string;
  /** Why it does not get on; it is tried again. */
  trouble?: string;
  startedAt: string;
  endedAt?: string;
}

export interface Rebuild extends Job {
  rebuildId: string;
  source: "archive" | "catalog";
  phase: string;
  /** Documents in the new index. */
  indexed: number;
  expected?: number;
  ratePerSecond?: number;
  secondsLeft?: number;
  disagreements: { missing: number; stale: number; resurrected: number };
  previousIndex?: string;
  rolledBack: boolean;
}

export interface Comparison extends Job {
  comparisonId: string;
  disagreementCount: number;
  /** The first of them. */
  disagreements: {
    kind: "missing" | "stale" | "resurrected";
    ownerId: string;
    imageId: string;
    catalogVersion?: number;
    indexVersion?: number;
  }[];
}

export function hasEnded({ status }: Job): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** Seconds from its beginning to its end, or to now. */
export function secondsOf({ startedAt, endedAt }: Job, now: number): number {
  return (Date.parse(endedAt ?? new Date(now).toISOString()) - Date.parse(startedAt)) / 1_000;
}
