import { parseOriginalKey } from "@shoebox/shared/image";
import type { Logger } from "@shoebox/shared/log";
import { type Check, type Finding, GRACE } from "@shoebox/shared/reconcile/check";
import { lookAt } from "@shoebox/shared/reconcile/look-at";
import type { Deps } from "../deps.ts";
import { decideArrival } from "../domain/decide-arrival.ts";
import { takeIn } from "../take-in.ts";

interface Orphan extends Finding {
  subject: { key: string; versionId: string };
}

/**
 * Versions in the bucket of originals that no session accounts for, a day old at least. They are
 * decided about as if they had just arrived, so whatever is right for an arrival is right here.
 * An object that no upload of ours can have written is left to people.
 */
export function orphanOriginals(
  deps: Pick<Deps, "sessions" | "originals" | "malwareScan" | "now"> & { log: Logger },
): Check<Orphan> {
  const { sessions, originals, now } = deps;
  return {
    name: "orphan-originals",

    async page(cursor) {
      const { versions, next } = await originals.listAll(cursor);
      const old = versions.filter(({ storedAt }) => storedAt <= now() - GRACE);
      const findings = await lookAt(
        old,
        async ({ key, versionId }): Promise<Orphan | undefined> => {
          const subject = { key, versionId };
          const ref = parseOriginalKey(key);
          if (!ref) return { subject, why: "no upload of ours has such a key" };
          const session = await sessions.load(ref, now());
          const decision = decideArrival(session, {
            key,
            versionId,
            object: undefined,
            scan: "awaited",
          });
          return decision.kind === "discard" ? { subject, why: decision.why } : undefined;
        },
      );
      return { looked: versions.length, findings, next };
    },

    async repair({ subject }) {
      const ref = parseOriginalKey(subject.key);
      if (!ref) return false;
      await takeIn(ref, subject, deps, deps.log);
      return true;
    },
  };
}
