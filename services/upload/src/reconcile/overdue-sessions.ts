import { type Check, type Finding, GRACE } from "@shoebox/shared/reconcile/check";
import { lookAt } from "@shoebox/shared/reconcile/look-at";
import { SHARDS } from "../adapters/session-item.ts";
import type { Deps } from "../deps.ts";
import type { SessionRef } from "../domain/session.ts";

type Ports = Pick<Deps, "sessions" | "now">;

/** Sessions that should have ended a day ago: `expire-sessions` does not do its work. */
export function overdueSessions({ sessions, now }: Ports): Check {
  return byShard("overdue-sessions", async (shard) => {
    const findings: Finding[] = [];
    for await (const page of sessions.due(shard, now() - GRACE)) {
      findings.push(
        ...(await lookAt(page, async (ref) => {
          const session = await sessions.load(ref, now());
          return session?.status === "awaiting" ? finding(ref, "its time is long up") : undefined;
        })),
      );
    }
    return findings;
  });
}

/** Uploads that are not processed after a day, whatever `republish-uploads` has asked for. */
export function unprocessedUploads({ sessions, now }: Ports): Check {
  return byShard("unprocessed-uploads", async (shard) => {
    const findings: Finding[] = [];
    for await (const page of sessions.unprocessed(shard, now() + 2 * GRACE)) {
      findings.push(
        ...(await lookAt(page, async (ref) => {
          const upload = await sessions.load(ref, now());
          if (upload?.status !== "uploaded" || upload.verifiedAt > now() - GRACE) return undefined;
          return finding(ref, `not processed after ${upload.reminders ?? 0} reminders`);
        })),
      );
    }
    return findings;
  });
}

function byShard(name: string, look: (shard: number) => Promise<Finding[]>): Check {
  return {
    name,
    async page(cursor) {
      const shard = Number(cursor?.shard ?? 0);
      const findings = await look(shard);
      const next = shard + 1 < SHARDS ? { shard: shard + 1 } : undefined;
      return { looked: findings.length, findings, next };
    },
  };
}

function finding(ref: SessionRef, why: string): Finding {
  return { subject: { ...ref }, why };
}
