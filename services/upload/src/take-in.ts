import type { Logger } from "@shoebox/shared/log";
import { measure } from "@shoebox/shared/metrics";
import type { Deps } from "./deps.ts";
import {
  type Arrival,
  type ArrivedObject,
  decideArrival,
  needsDigest,
} from "./domain/decide-arrival.ts";
import type { Scan } from "./domain/scan.ts";
import type { Session, SessionRef } from "./domain/session.ts";

export type TakeInDeps = Pick<Deps, "sessions" | "originals" | "malwareScan" | "now">;

interface Version {
  key: string;
  versionId: string;
  /** What is known of its scan; without it the version's tag tells. */
  scan?: Scan;
  /** Nobody waits for a scan any more: what has no result by now gets none. */
  last?: boolean;
}

/**
 * Looks at one version of an object that is somewhere in the bucket of originals, and makes it the
 * original of its upload or deletes it. Any number of times, by any number of processes.
 */
export async function takeIn(
  ref: SessionRef,
  version: Version,
  deps: TakeInDeps,
  parentLog: Logger,
): Promise<void> {
  const { key, versionId } = version;
  const [session, found] = await Promise.all([
    deps.sessions.load(ref, deps.now()),
    deps.originals.inspect(key, versionId),
  ]);
  // S3's event knows nothing of the request that began it; the session does.
  const log = parentLog.child({
    imageId: ref.imageId,
    versionId,
    ...(session && { correlationId: session.correlationId }),
  });
  const scan = await scanOf(session, version, deps);
  const object = found && (await withDigest(session, found, { key, versionId, scan }, deps));
  const arrival: Arrival = { key, versionId, object, scan };
  if (scan === "unscannable") log.error("GuardDuty could not scan an original");
  if (await settle(session, arrival, deps, log)) return;
  // Somebody ended the waiting meanwhile, and nobody can make it begin again: the second
  // decision is the last.
  await settle(await deps.sessions.load(ref, deps.now()), arrival, deps, log);
}

async function scanOf(
  session: Session | undefined,
  { key, versionId, scan, last }: Version,
  { originals, malwareScan }: TakeInDeps,
): Promise<Scan> {
  // Whoever says that he found something is believed, also where nobody is asked.
  if (malwareScan === "none" && scan !== "infected") return "clean";
  // It is discarded whatever it is; or it was decided about before.
  if (session?.status !== "awaiting") return scan ?? "awaited";
  const known = scan ?? (await originals.scan(key, versionId));
  return known === "awaited" && last ? "unscannable" : known;
}

async function withDigest(
  session: Session | undefined,
  found: ArrivedObject,
  { key, versionId, scan }: { key: string; versionId: string; scan: Scan },
  { originals }: TakeInDeps,
): Promise<ArrivedObject | undefined> {
  if (!needsDigest(session, found, scan)) return found;
  const sha256 = await originals.digest(key, versionId);
  // What was there a moment ago was deleted.
  return sha256 === undefined ? undefined : { ...found, sha256 };
}

/** False when the session stopped waiting after it was read; then nothing was done. */
async function settle(
  session: Session | undefined,
  arrival: Arrival,
  { sessions, originals, now }: TakeInDeps,
  log: Logger,
): Promise<boolean> {
  const { key, versionId } = arrival;
  const decision = decideArrival(session, arrival);
  switch (decision.kind) {
    case "accept": {
      const accepted = await sessions.close(
        decision.upload,
        { status: "uploaded", bucket: originals.bucket, versionId, verifiedAt: now() },
        now(),
      );
      if (!accepted) return false;
      log.info("an upload was accepted");
      measure(log, { UploadsArrived: 1 });
      return true;
    }
    case "reject": {
      const { upload, reason } = decision;
      // The state first: deleting first and then crashing would leave an upload that waits for ever.
      const rejected = await sessions.close(
        upload,
        { status: "rejected", reason, rejectedAt: now() },
        now(),
      );
      if (!rejected) return false;
      log.info({ reason: reason.code }, "an upload was rejected");
      measure(log, { UploadsRejected: 1 }, { reason: reason.code });
      await originals.discard(key, versionId);
      return true;
    }
    case "discard":
      log.info({ why: decision.why }, "an object was discarded");
      await originals.discard(key, versionId);
      return true;
    case "ignore":
      log.info({ why: decision.why }, "an arrival changes nothing");
      return true;
    default:
      return decision satisfies never;
  }
}
