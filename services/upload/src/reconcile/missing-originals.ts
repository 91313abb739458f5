import type { Check, Finding } from "@shoebox/shared/reconcile/check";
import { lookAt } from "@shoebox/shared/reconcile/look-at";
import type { Deps } from "../deps.ts";
import { keyOf, type Session, type SessionRef } from "../domain/session.ts";

/**
 * Uploads whose original is not there. Nothing can bring it back from here: it is told, and versions
 * and backups are where a person looks for it.
 */
export function missingOriginals({
  sessions,
  originals,
  now,
}: Pick<Deps, "sessions" | "originals" | "now">): Check {
  const isMissing = async (session: Session | undefined) =>
    session?.status === "uploaded" && !(await originals.exists(keyOf(session), session.versionId));
  return {
    name: "missing-originals",
    async page(cursor) {
      const { refs, next } = await sessions.everyUploaded(cursor);
      const look = async (ref: SessionRef): Promise<Finding | undefined> => {
        if (!(await isMissing(await sessions.load(ref, now())))) return undefined;
        // A deletion removes the object first and the session right after.
        const session = await sessions.load(ref, now());
        if (session?.status !== "uploaded") return undefined;
        const { versionId } = session;
        return {
          subject: { ...ref, key: keyOf(session), versionId },
          why: "the original is not in the bucket",
        };
      };
      return { looked: refs.length, findings: await lookAt(refs, look), next };
    },
  };
}
