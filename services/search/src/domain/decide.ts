import { deterministicId } from "@shoebox/shared/ids";
import type { Disagreement, Job, Rebuild } from "./job.ts";

/** How far a snapshot of the catalog has come. */
export interface SnapshotProgress {
  complete: boolean;
  images: number;
  /** When its last page came, in milliseconds; undefined before the first. */
  lastPageAt?: number;
}

/** What is known from outside when a step is decided; each phase needs something else. */
export interface Observation {
  /** The index that is searched now, and how many documents it has. */
  read?: { index: string; documents: number };
  /** How many documents the new index has. */
  indexed?: number;
  snapshot?: SnapshotProgress;
  replay?: { state: "none" | "running" | "completed" | "failed"; reason?: string };
  archive?: { from: number };
  /** Replayed events that wait for the projector. */
  waiting?: number;
  /** What the summary's comparison came to, once it is complete. */
  compared?: { owners: number; images: number; differing: string[] };
  /** What a proof came to, once its snapshot is complete. */
  proof?: Proof;
}

export interface Proof {
  owners: string[];
  /** On what the index and the snapshot differed; in a rebuild it is repaired already. */
  disagreements: Disagreement[];
  /** Live documents that the snapshot does not have, or had not: only a later snapshot can tell. */
  suspects: Suspect[];
  /** Whether there may be more suspects than were looked at. */
  more: boolean;
  /** What the engine would not take, with its reason. */
  refused: string[];
}

export interface Suspect {
  ownerId: string;
  imageId: string;
  /** Of the document in the index. */
  version: number;
}

export type Purpose = "fill" | "compare" | "prove";

export type Command =
  | { do: "create-index" }
  | {
      do: "request-snapshot";
      snapshotId: string;
      mode: "summary" | "state";
      owners?: string[];
      purpose: Purpose;
    }
  | { do: "start-replay"; name: string; from: number; to: number }
  | { do: "cancel-replays"; names: string[] }
  | { do: "refresh" }
  | { do: "open-index" }
  | { do: "hold-view" | "release-view"; index: string }
  | { do: "plan-proofs"; chunks: string[][] }
  | { do: "keep-questions"; chunk: number; disagreements: Disagreement[]; suspects: Suspect[] }
  | { do: "keep-disagreements"; chunk: number; disagreements: Disagreement[] }
  | { do: "bury"; suspects: Suspect[] }
  | { do: "swap"; from: string | undefined; to: string }
  | { do: "drop-all-but"; indexes: string[] }
  | { do: "drop-index" };

export interface Decision {
  commands: Command[];
  /** What is written when the commands are done. Its fence is the writer's business. */
  next: Job;
}

export interface Limits {
  /** Milliseconds until an event is in the archive for certain. */
  archiveLag: number;
}

/** Milliseconds between two looks at something that is under way. */
const SOON = 1_000;
const LATER = 5_000;
/** Milliseconds without a page after which a snapshot is given up. */
const SNAPSHOT_PATIENCE = 30 * 60_000;
/** Owners that one proof is about: the most that a snapshot may be asked for by name. */
const OWNERS_PER_PROOF = 100;
/** More owners that differ than this are not proven one by one as long as the catalog's whole state was not used. */
const MANY = 1_000;
/** Milliseconds for a change to get from the catalog into the index, before a comparison takes it for lost. */
const GRACE = 10_000;
/** A queue says only about how many messages it has. */
const EMPTY_OFTEN_ENOUGH = 3;

export const replayName = (job: Pick<Rebuild, "id">, part: 1 | 2): string =>
  `rebuild-${job.id}-${part}`;

/** The rebuild that a replay belongs to; undefined for somebody else's replay. */
export const rebuildOfReplay = (name: string): string | undefined =>
  /^rebuild-([0-9a-f-]{36})-[12]$/.exec(name)?.[1];

/**
 * What to do next. Every command may be carried out again: a step that was interrupted is repeated as
 * a whole, from the same job and what can be seen then.
 */
export function decide(job: Job, seen: Observation, now: number, limits: Limits): Decision {
  switch (job.phase) {
    case "comparing":
      return compare(job, seen, now);
    case "proving":
      return prove(job, seen, now);
    case "done":
      return { commands: [], next: job };
    default:
      if (job.kind === "comparison") throw new Error(`A comparison is never ${job.phase}.`);
      return rebuild(job, seen, now, limits);
  }
}

function rebuild(job: Rebuild, seen: Observation, now: number, limits: Limits): Decision {
  switch (job.phase) {
    case "creating": {
      const next: Rebuild = {
        ...job,
        status: "running",
        previousIndex: seen.read?.index,
        expected: seen.read?.documents,
        indexSince: now,
      };
      const first: Command = { do: "create-index" };
      // The index takes live events before anything is asked for that may miss later ones.
      return fillFrom(job.source, next, [first], seen, now);
    }
    case "filling":
      return job.source === "archive" && !job.filledFromCatalog
        ? fillFromArchive(job, seen, now)
        : fillFromCatalog(job, seen, now);
    case "waiting": {
      const due = (job.indexSince ?? 0) + limits.archiveLag;
      if (now < due) return wait(job, now, Math.min(due - now, 60_000));
      // What was on its way into the archive when the first replay read it, is in it by now.
      const from = (job.indexSince ?? 0) - limits.archiveLag - LATER;
      const name = replayName(job, 2);
      return enter("catching-up", job, now, [{ do: "start-replay", name, from, to: now }]);
    }
    case "catching-up": {
      if (seen.replay?.state === "failed")
        return fail(job, now, `the replay failed: ${seen.replay.reason}`);
      if (seen.replay?.state !== "completed") return wait(noted(job, seen), now, SOON);
      return enter("draining", { ...job, emptySeen: 0 }, now, []);
    }
    case "draining": {
      const emptySeen = seen.waiting === 0 ? job.emptySeen + 1 : 0;
      if (emptySeen < EMPTY_OFTEN_ENOUGH)
        return wait({ ...noted(job, seen), emptySeen }, now, SOON);
      return beginComparing(noted(job, seen), now);
    }
    case "swapping":
      return swap(job, seen, now);
    case "clearing": {
      const names = [replayName(job, 1), replayName(job, 2)];
      const replays: Command[] = job.source === "archive" ? [{ do: "cancel-replays", names }] : [];
      return end(job, job.status, now, [...replays, { do: "drop-index" }]);
    }
    default:
      throw new Error(`A rebuild can't be ${job.phase} here.`);
  }
}

function fillFrom(
  source: Rebuild["source"],
  job: Rebuild,
  before: Command[],
  seen: Observation,
  now: number,
): Decision {
  if (source === "catalog") {
    const snapshotId = deterministicId(job.id, "fill");
    const request: Command = { do: "request-snapshot", snapshotId, mode: "state", purpose: "fill" };
    const next = { ...job, snapshotId, filledFromCatalog: true };
    return enter("filling", next, now, [...before, request]);
  }
  const from = Math.max(job.from ? Date.parse(job.from) : 0, seen.archive?.from ?? 0);
  const to = job.to ? Date.parse(job.to) : now;
  if (from >= to) {
    const reason = "the archive has nothing of the time that was asked for";
    return fail(job, now, reason);
  }
  const replay: Command = { do: "start-replay", name: replayName(job, 1), from, to };
  return enter("filling", job, now, [...before, replay]);
}

function fillFromArchive(job: Rebuild, seen: Observation, now: number): Decision {
  if (seen.replay?.state === "failed") {
    return fail(job, now, `the replay failed: ${seen.replay.reason}`);
  }
  if (seen.replay?.state !== "completed") return wait(noted(job, seen), now, SOON);
  return enter("waiting", noted(job, seen), now, []);
}

function fillFromCatalog(job: Rebuild, seen: Observation, now: number): Decision {
  const stopped = stoppedReason(job, seen, now);
  if (stopped) return fail(job, now, stopped);
  const indexed = Math.max(seen.snapshot?.images ?? 0, job.indexed);
  if (!seen.snapshot?.complete) return wait({ ...job, indexed }, now, SOON);
  return beginComparing({ ...job, indexed, expected: Math.max(indexed, job.expected ?? 0) }, now);
}

function beginComparing(job: Job, now: number): Decision {
  const part = job.kind === "rebuild" && job.filledFromCatalog ? "again" : "first";
  const snapshotId = deterministicId(job.id, "compare", part);
  const open: Command[] = job.kind === "rebuild" ? [{ do: "open-index" }] : [];
  return enter("comparing", { ...job, status: "verifying", snapshotId }, now, [
    ...open,
    { do: "refresh" },
    { do: "request-snapshot", snapshotId, mode: "summary", purpose: "compare" },
  ]);
}

function compare(job: Job, seen: Observation, now: number): Decision {
  if (job.snapshotId === undefined) return beginComparing(job, now);
  const stopped = stoppedReason(job, seen, now);
  if (stopped) return fail(job, now, stopped);
  if (!seen.compared) return wait(job, now, SOON);
  const { owners, images, differing } = seen.compared;
  const counted = { ...job, owners, images, snapshotId: undefined };
  if (counted.kind === "rebuild" && differing.length > MANY && !counted.filledFromCatalog) {
    // The archive does not reach back far enough, or was not whole.
    return fillFrom("catalog", { ...counted, status: "running" }, [], seen, now);
  }
  const chunks = inChunks(differing);
  const next = { ...counted, chunks: chunks.length, chunk: 0, attempt: 0, round: 1 as const };
  if (chunks.length === 0) return allProven(next, now, []);
  return enter("proving", next, now, [{ do: "plan-proofs", chunks }]);
}

function prove(job: Job, seen: Observation, now: number): Decision {
  const { proof } = seen;
  if (!proof) {
    const stopped = job.snapshotId && stoppedReason(job, seen, now);
    return stopped ? fail(job, now, stopped) : wait(job, now, SOON);
  }
  if (job.snapshotId === undefined) return askForProof(job, proof.owners, now);
  const [refused] = proof.refused;
  if (refused && job.kind === "rebuild") {
    return fail(job, now, `the new index does not take what the catalog has: ${refused}`);
  }
  return job.round === 1 ? firstRound(job, proof, now) : secondRound(job, proof, now);
}

function askForProof(job: Job, owners: string[], now: number): Decision {
  const snapshotId = deterministicId(job.id, "prove", job.chunk, job.attempt, job.round);
  const next = { ...job, snapshotId, phaseSince: now, wakeAt: now + SOON };
  return {
    commands: [{ do: "request-snapshot", snapshotId, mode: "state", owners, purpose: "prove" }],
    next,
  };
}

/**
 * After the first look, the index has at least what the snapshot had (in a rebuild), so only what it
 * has beyond that is open: it may be new, or a picture that the catalog has forgotten. A comparison has
 * to leave everything time to arrive.
 */
function firstRound(job: Job, proof: Proof, now: number): Decision {
  const { suspects, disagreements } = proof;
  const chunk = job.chunk;
  const counted = job.kind === "rebuild" ? countIn(job, disagreements) : job;
  const open = job.kind === "rebuild" ? [] : disagreements;
  if (suspects.length === 0 && open.length === 0) return nextProof(counted, now, []);
  const pause = job.kind === "rebuild" ? 0 : GRACE;
  return {
    commands: [{ do: "keep-questions", chunk, disagreements: open, suspects }],
    next: { ...counted, round: 2, snapshotId: undefined, phaseSince: now, wakeAt: now + pause },
  };
}

/** What was live in the index before this snapshot was asked for, and is not in it, was deleted for good. */
function secondRound(job: Job, proof: Proof, now: number): Decision {
  const counted = countIn(job, proof.disagreements);
  if (job.kind === "comparison") {
    const { disagreements } = proof;
    return nextProof(counted, now, [{ do: "keep-disagreements", chunk: job.chunk, disagreements }]);
  }
  const bury: Command[] =
    proof.suspects.length > 0 ? [{ do: "bury", suspects: proof.suspects }] : [];
  if (!proof.more) return nextProof(counted, now, bury);
  const again = { attempt: job.attempt + 1, round: 1 as const, snapshotId: undefined };
  return { commands: bury, next: { ...counted, ...again, phaseSince: now, wakeAt: now } };
}

function nextProof(job: Job, now: number, commands: Command[]): Decision {
  const chunk = job.chunk + 1;
  const next = { ...job, chunk, attempt: 0, round: 1 as const, snapshotId: undefined };
  if (chunk >= (job.chunks ?? 0)) return allProven(next, now, commands);
  return { commands, next: { ...next, phaseSince: now, wakeAt: now } };
}

function allProven(job: Job, now: number, commands: Command[]): Decision {
  if (job.kind === "comparison") return end(job, "completed", now, commands);
  // Events that were replayed are counted with the index's next refresh, which a small rebuild does not wait for.
  const indexed = Math.max(job.indexed, job.images ?? 0);
  return enter("swapping", { ...job, indexed }, now, commands);
}

/** Milliseconds. Nobody waits longer for a comparison, and whatever kept it may keep it for ever. */
const COMPARISON_PATIENCE = 3_600_000;

/** What becomes of a job that can't be finished: a comparison ends, a rebuild goes on when it can. */
export function givenUp(job: Job, now: number): Decision | undefined {
  if (job.kind === "rebuild" || now - job.createdAt < COMPARISON_PATIENCE) return undefined;
  return fail(job, now, `it was not finished in an hour; last: ${job.trouble ?? job.phase}`);
}

/** Two steps: first it is written what is about to be replaced, then it is replaced. */
function swap(job: Rebuild, seen: Observation, now: number): Decision {
  const read = seen.read?.index;
  if (read !== job.index && read !== job.previousIndex) {
    return { commands: [], next: { ...job, previousIndex: read, wakeAt: now } };
  }
  const kept = [job.index, ...(job.previousIndex ? [job.previousIndex] : [])];
  const old = job.previousIndex;
  // What searches see stands still for a moment, so that the new index shows all of it: a picture that
  // was seen does not vanish, and one that was seen to be gone does not come back.
  const hold: Command[] = old ? [{ do: "hold-view", index: old }] : [];
  const release: Command[] = old ? [{ do: "release-view", index: old }] : [];
  const swapping: Command[] =
    read === job.index
      ? []
      : [...hold, { do: "refresh" }, { do: "swap", from: read, to: job.index }];
  const after: Command[] = [...release, { do: "drop-all-but", indexes: kept }];
  return end(job, "completed", now, [...swapping, ...after]);
}

function countIn<J extends Job>(job: J, disagreements: Disagreement[]): J {
  const found = { ...job.found };
  for (const { kind } of disagreements) found[kind] += 1;
  return { ...job, found };
}

function noted(job: Rebuild, seen: Observation): Rebuild {
  return { ...job, indexed: Math.max(seen.indexed ?? 0, job.indexed) };
}

function stoppedReason(job: Job, seen: Observation, now: number): string | undefined {
  if (seen.snapshot?.complete) return undefined;
  const last = Math.max(seen.snapshot?.lastPageAt ?? 0, job.phaseSince);
  const minutes = SNAPSHOT_PATIENCE / 60_000;
  return now - last > SNAPSHOT_PATIENCE
    ? `the catalog's snapshot stopped: no page for ${minutes} minutes`
    : undefined;
}

function inChunks(owners: string[]): string[][] {
  return Array.from({ length: Math.ceil(owners.length / OWNERS_PER_PROOF) }, (_, chunk) =>
    owners.slice(chunk * OWNERS_PER_PROOF, (chunk + 1) * OWNERS_PER_PROOF),
  );
}

function wait(job: Job, now: number, milliseconds: number): Decision {
  return { commands: [], next: { ...job, wakeAt: now + milliseconds } };
}

function enter(phase: Job["phase"], job: Job, now: number, commands: Command[]): Decision {
  return { commands, next: { ...job, phase, phaseSince: now, wakeAt: now + SOON } };
}

function fail(job: Job, now: number, reason: string, commands: Command[] = []): Decision {
  const failed = { ...job, status: "failed" as const, reason };
  if (job.kind === "comparison") return end(failed, "failed", now, commands);
  return enter("clearing", failed, now, commands);
}

function end(job: Job, status: Job["status"], now: number, commands: Command[]): Decision {
  const over = { status, phase: "done" as const, phaseSince: now, endedAt: now };
  return { commands, next: { ...job, ...over, snapshotId: undefined } };
}
