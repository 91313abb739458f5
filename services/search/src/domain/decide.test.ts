import { describe, expect, it } from "vitest";
import {
  decide,
  givenUp,
  type Observation,
  type Proof,
  rebuildOfReplay,
  replayName,
} from "./decide.ts";
import {
  cancelled,
  type Job,
  newComparison,
  newRebuild,
  paceOf,
  progressOf,
  type Rebuild,
} from "./job.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
const limits = { archiveLag: 10 * MINUTE };
const id = "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55";
const asked = { id, source: "catalog", index: "images-v3-new", correlationId: "c" } as const;
const rebuild = (changes: Partial<Rebuild> = {}): Rebuild => ({
  ...newRebuild(asked, NOW),
  status: "running",
  indexSince: NOW,
  previousIndex: "images-v3-old",
  ...changes,
});
const next = (job: Job, seen: Observation, at = NOW) => decide(job, seen, at, limits);
const commands = (job: Job, seen: Observation, at = NOW) =>
  next(job, seen, at).commands.map((command) => command.do);
const proof = (changes: Partial<Proof> = {}): Proof => ({
  owners: ["ann"],
  disagreements: [],
  suspects: [],
  more: false,
  refused: [],
  ...changes,
});
const complete = { complete: true, images: 3, lastPageAt: NOW };
const suspect = { ownerId: "ann", imageId: "i", version: 4 };

describe("a rebuild", () => {
  it("has its index, which takes live events, before it asks for anything", () => {
    const read = { index: "images-v3-old", documents: 9 };
    for (const source of ["catalog", "archive"] as const) {
      const job = { ...newRebuild({ ...asked, source }, NOW) };
      const { commands, next: after } = next(job, { read, archive: { from: 0 } });
      expect(commands[0]).toEqual({ do: "create-index" });
      expect(commands).toHaveLength(2);
      expect(after).toMatchObject({
        phase: "filling",
        previousIndex: "images-v3-old",
        expected: 9,
      });
    }
  });

  it("replays what the archive has of the time that was asked for", () => {
    const of = (from?: string, to?: string) =>
      next(
        { ...newRebuild({ ...asked, source: "archive", from, to }, NOW) },
        { archive: { from: 1_000 } },
      );
    expect(of().commands[1]).toMatchObject({ from: 1_000, to: NOW, name: replayName({ id }, 1) });
    expect(of("2026-01-01", "2026-02-01").commands[1]).toMatchObject({
      from: Date.UTC(2026, 0, 1),
      to: Date.UTC(2026, 1, 1),
    });
    expect(of(undefined, "1970-01-01T00:00:01Z").next).toMatchObject({ status: "failed" });
  });

  it("closes the gap of the archive's lag with a second replay, once everything is in the archive", () => {
    const job = rebuild({ source: "archive", phase: "waiting" });
    expect(commands(job, {}, NOW + limits.archiveLag - 1)).toEqual([]);
    const { commands: due, next: after } = next(job, {}, NOW + limits.archiveLag);
    expect(due).toEqual([
      expect.objectContaining({ do: "start-replay", name: replayName({ id }, 2) }),
    ]);
    expect(due[0]).toMatchObject({ to: NOW + limits.archiveLag });
    expect((due[0] as { from: number }).from).toBeLessThanOrEqual(NOW - limits.archiveLag);
    expect(after.phase).toBe("catching-up");
  });

  it("goes on when the queue of replayed events was seen empty three times in a row, not less", () => {
    let job: Job = rebuild({ source: "archive", phase: "draining" });
    for (const waiting of [0, 0, 5, 0, 0]) {
      job = next(job, { waiting }).next;
      expect(job.phase).toBe("draining");
    }
    expect(next(job, { waiting: 0 }).next.phase).toBe("comparing");
  });

  it("fails with the reason of a replay that failed, and removes its index", () => {
    for (const phase of ["filling", "catching-up"] as const) {
      const job = rebuild({ source: "archive", phase });
      const { next: after } = next(job, { replay: { state: "failed", reason: "no rights" } });
      expect(after).toMatchObject({
        status: "failed",
        reason: expect.stringContaining("no rights"),
      });
      expect(commands(after, {})).toEqual(["cancel-replays", "drop-index"]);
      expect(next(after, {}).next).toMatchObject({ phase: "done", status: "failed" });
    }
  });

  it("gives a snapshot up that tells nothing for half an hour", () => {
    const job = rebuild({ phase: "filling", snapshotId: "s", phaseSince: NOW });
    const seen = { snapshot: { complete: false, images: 1, lastPageAt: NOW + 10 * MINUTE } };
    expect(next(job, seen, NOW + 39 * MINUTE).next.status).toBe("running");
    expect(next(job, seen, NOW + 41 * MINUTE).next).toMatchObject({ status: "failed" });
  });

  it("uses the catalog's state when a replay left more than a thousand owners differing, once", () => {
    const differing = Array.from({ length: 1_001 }, (_, n) => `owner-${n}`);
    const seen = { snapshot: complete, compared: { owners: 2_000, images: 9, differing } };
    const job = rebuild({ source: "archive", phase: "comparing", snapshotId: "s" });
    expect(commands(job, seen)).toEqual(["request-snapshot"]);
    const filling = next(job, seen).next as Rebuild;
    expect(filling).toMatchObject({ phase: "filling", filledFromCatalog: true });
    const again = next(filling, { snapshot: complete }).next;
    expect(again.phase).toBe("comparing");
    expect(again.snapshotId).not.toBe(job.snapshotId);
    expect(next(again, seen).next).toMatchObject({ phase: "proving", chunks: 11 });
  });

  it("swaps when nothing differs", () => {
    const job = rebuild({ phase: "comparing", snapshotId: "s" });
    const seen = { snapshot: complete, compared: { owners: 1, images: 3, differing: [] } };
    expect(next(job, seen).next.phase).toBe("swapping");
  });

  it("never swaps while something is open: a suspect is asked for again, then buried", () => {
    const job = rebuild({ phase: "proving", chunks: 1, snapshotId: "s" });
    const asks = next(job, { proof: proof({ suspects: [suspect] }) });
    expect(asks.commands.map((command) => command.do)).toEqual(["keep-questions"]);
    expect(asks.next).toMatchObject({ round: 2, phase: "proving", snapshotId: undefined });
    const asked = next(asks.next, { proof: proof() });
    expect(asked.commands).toEqual([expect.objectContaining({ owners: ["ann"], mode: "state" })]);
    expect(asked.next.snapshotId).not.toBe("s");
    const gone = { kind: "resurrected" as const, ownerId: "ann", imageId: "i", indexVersion: 4 };
    const judged = next(asked.next, {
      proof: proof({ suspects: [suspect], disagreements: [gone] }),
    });
    expect(judged.commands).toEqual([{ do: "bury", suspects: [suspect] }]);
    expect(judged.next).toMatchObject({ phase: "swapping", found: { resurrected: 1 } });
  });

  it("looks again when there were more suspects than one round holds", () => {
    const job = rebuild({ phase: "proving", chunks: 1, snapshotId: "s", round: 2 });
    const { next: after } = next(job, { proof: proof({ suspects: [suspect], more: true }) });
    expect(after).toMatchObject({ phase: "proving", chunk: 0, attempt: 1, round: 1 });
  });

  it("fails rather than swaps when the new index does not take something", () => {
    const job = rebuild({ phase: "proving", chunks: 1, snapshotId: "s" });
    expect(next(job, { proof: proof({ refused: ["i: too long"] }) }).next).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("too long"),
    });
  });

  it("writes down what it replaces before it replaces it, and replaces it once", () => {
    const job = rebuild({ phase: "swapping" });
    const other = { read: { index: "images-v3-other", documents: 1 } };
    expect(commands(job, other)).toEqual([]);
    expect(next(job, other).next).toMatchObject({
      phase: "swapping",
      previousIndex: "images-v3-other",
    });
    const old = { read: { index: "images-v3-old", documents: 1 } };
    expect(commands(job, old)).toEqual([
      "hold-view",
      "refresh",
      "swap",
      "release-view",
      "drop-all-but",
    ]);
    const done = { read: { index: "images-v3-new", documents: 1 } };
    expect(next(job, done).commands).toEqual([
      { do: "release-view", index: "images-v3-old" },
      { do: "drop-all-but", indexes: ["images-v3-new", "images-v3-old"] },
    ]);
    expect(next(job, done).next).toMatchObject({ status: "completed", endedAt: NOW });
  });

  it("can be cancelled until it swaps", () => {
    expect(cancelled(rebuild({ phase: "proving" }), NOW).kind).toBe("cancelled");
    expect(cancelled(rebuild({ phase: "swapping" }), NOW).kind).toBe("too-late");
    expect(cancelled(rebuild({ status: "completed", phase: "done" }), NOW).kind).toBe("too-late");
    expect(cancelled(rebuild({ status: "cancelled", phase: "done" }), NOW).kind).toBe("nothing");
  });

  it("says how far it is, never backwards, and how long it will take", () => {
    const phases = ["creating", "filling", "comparing", "proving", "swapping"] as const;
    const steps = phases.map((phase) => progressOf(rebuild({ phase, indexed: 5, expected: 10 })));
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    const filling = rebuild({ phase: "filling", indexed: 50, expected: 150 });
    expect(paceOf(filling, NOW + 10_000)).toEqual({ ratePerSecond: 5, secondsLeft: 20 });
    expect(paceOf(rebuild({ phase: "proving" }), NOW)).toEqual({});
  });
});

describe("a comparison", () => {
  const comparison = newComparison({ id, index: "images-v3-old", correlationId: "c" }, NOW);

  it("changes nothing: it only asks and reads", () => {
    const reading = new Set([
      "refresh",
      "request-snapshot",
      "plan-proofs",
      "keep-questions",
      "keep-disagreements",
    ]);
    const missing = { kind: "missing" as const, ownerId: "ann", imageId: "i", catalogVersion: 1 };
    const seen = [
      {},
      { snapshot: complete, compared: { owners: 1, images: 1, differing: ["ann"] } },
      { proof: proof() },
      { proof: proof({ disagreements: [missing], suspects: [suspect], refused: ["x"] }) },
      { proof: proof() },
      { proof: proof({ disagreements: [missing] }) },
    ];
    let job: Job = comparison;
    for (const observation of seen) {
      const decision = next(job, observation);
      for (const command of decision.commands) expect(reading).toContain(command.do);
      job = decision.next;
    }
    expect(job).toMatchObject({ status: "completed", found: { missing: 1 } });
  });

  it("gives what is on its way time to arrive", () => {
    const job = { ...comparison, phase: "proving" as const, chunks: 1, snapshotId: "s" };
    const { next: after } = next(job, { proof: proof({ suspects: [suspect] }) });
    expect(after.wakeAt - NOW).toBeGreaterThanOrEqual(10_000);
  });

  it("is given up after an hour, a rebuild never", () => {
    expect(givenUp(comparison, NOW + 59 * MINUTE)).toBeUndefined();
    expect(givenUp(comparison, NOW + 60 * MINUTE)?.next).toMatchObject({ status: "failed" });
    expect(givenUp(rebuild(), NOW + 600 * MINUTE)).toBeUndefined();
  });
});

it("knows its own replays by their names", () => {
  expect(rebuildOfReplay(replayName({ id }, 2))).toBe(id);
  expect(rebuildOfReplay("somebody-elses")).toBeUndefined();
});
