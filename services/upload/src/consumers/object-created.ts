import { ObjectCreated } from "@shoebox/shared/events/aws";
import { parseOriginalKey } from "@shoebox/shared/image";
import type { Logger } from "@shoebox/shared/log";
import { on, type Subscription } from "@shoebox/shared/messaging/consumer";
import type { Deps } from "../deps.ts";
import { type Arrival, decideArrival } from "../domain/decide-arrival.ts";
import type { Session, SessionRef } from "../domain/session.ts";

/** S3 says that something arrived; what it is and whether it may stay is found out here. */
export function onObjectCreated(deps: Deps): Subscription {
  return on(ObjectCreated, async ({ bucket, object }, delivery) => {
    const { key, "version-id": versionId } = object;
    if (bucket.name !== deps.originals.bucket) {
      throw new Error(`The event is of the bucket ${bucket.name}, not of the originals.`);
    }
    if (versionId === undefined) throw new Error("The bucket of originals must be versioned.");
    const ref = parseOriginalKey(key);
    if (!ref) {
      delivery.log.warn({ key, versionId }, "an object that no form of ours can have sent");
      return;
    }
    const [session, found] = await Promise.all([
      deps.sessions.load(ref, deps.now()),
      deps.originals.inspect(key, versionId),
    ]);
    // The event itself knows nothing of the request that began it; the session does.
    const log = delivery.log.child({
      imageId: ref.imageId,
      versionId,
      ...(session && { correlationId: session.correlationId }),
    });
    const arrival: Arrival = { key, versionId, object: found };
    if (await settle(ref, session, arrival, deps, log)) return;
    // Somebody ended the waiting meanwhile, and nobody can make it begin again: the second
    // decision is the last.
    await settle(ref, await deps.sessions.load(ref, deps.now()), arrival, deps, log);
  });
}

/** False when the session stopped waiting after it was read; then nothing was done. */
async function settle(
  ref: SessionRef,
  session: Session | undefined,
  arrival: Arrival,
  { sessions, originals, now }: Deps,
  log: Logger,
): Promise<boolean> {
  const { key, versionId } = arrival;
  const decision = decideArrival(session, arrival, now());
  switch (decision.kind) {
    case "accept": {
      const accepted = await sessions.close(ref, {
        status: "uploaded",
        bucket: originals.bucket,
        versionId,
        verifiedAt: now(),
      });
      if (accepted) log.info("an upload was accepted");
      return accepted;
    }
    case "reject": {
      const { reason } = decision;
      // The state first: deleting first and then crashing would leave an upload that waits for ever.
      const rejected = await sessions.close(ref, { status: "rejected", reason, rejectedAt: now() });
      if (!rejected) return false;
      log.info({ reason: reason.code }, "an upload was rejected");
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
