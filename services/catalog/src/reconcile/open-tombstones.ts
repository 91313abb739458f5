import { type Check, type Finding, GRACE } from "@shoebox/shared/reconcile/check";
import type { ImagesTable } from "../adapters/images-table.ts";
import { SHARDS } from "../domain/image-record.ts";
import { REPUBLISH_AFTER } from "../domain/tombstone.ts";
import { isoTime } from "../domain/write.ts";

/** Findings of a shard; where there are more, the first ones say enough. */
const MOST = 1_000;

/** Deletions that upload or processing did not confirm within a day, though `republish-tombstones` asks every 15 minutes. */
export function openTombstones(deps: {
  images: Pick<ImagesTable, "dueTombstones">;
  now: () => number;
}): Check {
  return {
    name: "open-tombstones",
    async page(cursor) {
      const shard = Number(cursor?.shard ?? 0);
      const now = deps.now();
      const open = await deps.images.dueTombstones(shard, isoTime(now + REPUBLISH_AFTER), MOST);
      const findings = open
        .filter(({ deletedAt }) => Date.parse(deletedAt) < now - GRACE)
        .map(
          ({ ownerId, imageId, republished }): Finding => ({
            subject: { ownerId, imageId },
            why: `not confirmed, although it was published again ${republished} times`,
          }),
        );
      const next = shard + 1 < SHARDS ? { shard: shard + 1 } : undefined;
      return { looked: open.length, findings, next };
    },
  };
}
