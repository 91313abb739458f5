import type { Check, Finding } from "@shoebox/shared/reconcile/check";
import { lookAt } from "@shoebox/shared/reconcile/look-at";
import type { Deps } from "../deps.ts";

interface Drift extends Finding {
  subject: { ownerId: string };
}

/** Quotas that are not the sum of what they count. They are counted anew and set, unless they change meanwhile. */
export function quotaDrift({ sessions }: Pick<Deps, "sessions">): Check<Drift> {
  return {
    name: "quota-drift",
    async page(cursor) {
      const { owners, next } = await sessions.everyOwner(cursor);
      const findings = await lookAt(owners, async (ownerId): Promise<Drift | undefined> => {
        const count = await sessions.recount(ownerId);
        if (!count) return undefined;
        const { noted, counted } = count;
        if (noted.bytes === counted.bytes && noted.images === counted.images) return undefined;
        const why = `${noted.images} images of ${noted.bytes} bytes are noted; there are ${counted.images} of ${counted.bytes}`;
        return { subject: { ownerId }, why };
      });
      return { looked: owners.length, findings, next };
    },
    async repair({ subject }) {
      const count = await sessions.recount(subject.ownerId);
      return count !== undefined && (await sessions.correctQuota(subject.ownerId, count));
    },
  };
}
