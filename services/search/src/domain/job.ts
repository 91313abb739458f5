/**
 * A piece of work that takes many short steps: a rebuild of the index, or a comparison of the index
 * with the catalog, which is the second half of a rebuild without changing anything.
 */
export type Job = Rebuild | Comparison;

export type Status = "pending" | "running" | "verifying" | "completed" | "failed" | "cancelled";

/** Where a job is. `clearing` undoes what a failed or cancelled rebuild has begun; `done` is the end of all. */
export type Phase =
  | "creating"
  | "filling"
  | "waiting"
  | "catching-up"
  | "draining"
  | "comparing"
  | "proving"
  | "swapping"
  | "clearing"
  | "done";

interface Common {
  id: string;
  /** Raised with every write: of two that do the same step, one goes on. */
  fence: number;
  status: Status;
  phase: Phase;
  /** The index that is filled, or looked at. */
  index: string;
  /** Times are milliseconds. */
  createdAt: number;
  phaseSince: number;
  endedAt?: number;
  /** When the next step is due. */
  wakeAt: number;
  reason?: string;
  /** The last step's error, when it could not be done; it is tried again. */
  trouble?: string;
  correlationId: string;
  /** Of the catalog, as its summary said. */
  owners?: number;
  images?: number;
  /** The proofs that are needed, a hundred owners in each, and the one that is under way. */
  chunks?: number;
  chunk: number;
  attempt: number;
  round: 1 | 2;
  /** The snapshot that is waited for. */
  snapshotId?: string;
  found: Record<DisagreementKind, number>;
}

export interface Rebuild extends Common {
  kind: "rebuild";
  source: "archive" | "catalog";
  /** Bounds of what is replayed, ISO. */
  from?: string;
  to?: string;
  previousIndex?: string;
  /** When the new index had its write alias: live events are in it from then on. */
  indexSince?: number;
  /** Whether the catalog's whole state was put into the index, by choice or because the archive had gaps. */
  filledFromCatalog: boolean;
  /** How often the queue of replayed events was seen empty in a row. */
  emptySeen: number;
  expected?: number;
  indexed: number;
  rolledBack?: boolean;
}

export interface Comparison extends Common {
  kind: "comparison";
}

export type DisagreementKind = "missing" | "stale" | "resurrected";

/** One thing on which index and catalog differ. */
export interface Disagreement {
  kind: DisagreementKind;
  ownerId: string;
  imageId: string;
  catalogVersion?: number;
  indexVersion?: number;
}

const fresh = {
  fence: 1,
  chunk: 0,
  attempt: 0,
  round: 1,
  found: { missing: 0, stale: 0, resurrected: 0 },
} as const;

export function newRebuild(
  asked: Pick<Rebuild, "id" | "source" | "from" | "to" | "index" | "correlationId">,
  now: number,
): Rebuild {
  const times = { createdAt: now, phaseSince: now, wakeAt: now };
  return {
    ...fresh,
    ...asked,
    ...times,
    kind: "rebuild",
    status: "pending",
    phase: "creating",
    filledFromCatalog: false,
    emptySeen: 0,
    indexed: 0,
  };
}

export function newComparison(
  asked: Pick<Comparison, "id" | "index" | "correlationId">,
  now: number,
): Comparison {
  const times = { createdAt: now, phaseSince: now, wakeAt: now };
  return {
    ...fresh,
    ...asked,
    ...times,
    kind: "comparison",
    status: "pending",
    phase: "comparing",
  };
}

/** Parts of the whole, as far as it can be told: filling takes most of the time. */
export function progressOf(job: Job): number {
  const proven = job.chunks ? job.chunk / job.chunks : 0;
  switch (job.phase) {
    case "creating":
      return 0;
    case "filling":
    case "waiting":
    case "catching-up":
    case "draining": {
      const filled = job.kind === "rebuild" && job.expected ? job.indexed / job.expected : 0;
      return 0.75 * Math.min(1, filled);
    }
    case "comparing":
      return job.kind === "rebuild" ? 0.8 : 0.1;
    case "proving":
      return job.kind === "rebuild" ? 0.85 + 0.1 * proven : 0.5 + 0.45 * proven;
    case "swapping":
      return 0.98;
    case "clearing":
    case "done":
      return job.status === "completed" ? 1 : 0;
  }
}

/** How fast documents come in, and how long it will take at that rate; only while the index is filled. */
export function paceOf(
  job: Rebuild,
  now: number,
): { ratePerSecond?: number; secondsLeft?: number } {
  const since = job.indexSince;
  if (job.phase !== "filling" || since === undefined || job.indexed === 0) return {};
  const ratePerSecond = job.indexed / Math.max(1, (now - since) / 1_000);
  if (job.expected === undefined || job.expected < job.indexed) return { ratePerSecond };
  return { ratePerSecond, secondsLeft: Math.ceil((job.expected - job.indexed) / ratePerSecond) };
}

/** A rebuild that has not swapped yet can be cancelled; then its index goes, and nothing has changed. */
export function cancelled(
  job: Rebuild,
  now: number,
): { kind: "cancelled"; job: Rebuild } | { kind: "nothing" } | { kind: "too-late" } {
  if (job.status === "cancelled") return { kind: "nothing" };
  if (job.status === "completed" || job.status === "failed" || job.phase === "swapping") {
    return { kind: "too-late" };
  }
  const at = { phaseSince: now, wakeAt: now };
  return { kind: "cancelled", job: { ...job, ...at, status: "cancelled", phase: "clearing" } };
}
