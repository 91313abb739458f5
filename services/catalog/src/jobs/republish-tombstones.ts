import type { Logger } from "@shoebox/shared/log";
import type { ImagesTable } from "../adapters/images-table.ts";
import { SHARDS } from "../domain/image-record.ts";
import { republished } from "../domain/tombstone.ts";
import { isoTime } from "../domain/write.ts";

const PAGE = 100;
/** Pages a shard gets in one run; the next run goes on, since what was published moved to the end. */
const PAGES = 20;
/** Milliseconds: a deletion that is still not confirmed after a day is somebody's work. */
const OVERDUE = 86_400_000;

/**
 * Publishes deletions again that upload or processing did not confirm in time: an event that was
 * lost, a queue that was purged, a stream that was down for more than a day. Consumers are
 * idempotent and the event is the same fact, so once too often harms nobody.
 */
export async function republishTombstones(deps: {
  images: ImagesTable;
  log: Logger;
  now: () => number;
}): Promise<{ republished: number; overdue: number }> {
  const now = deps.now();
  const report = { republished: 0, overdue: 0 };
  for (let shard = 0; shard < SHARDS; shard++) {
    for (let page = 0; page < PAGES; page++) {
      const due = await deps.images.dueTombstones(shard, isoTime(now), PAGE);
      const done = await Promise.all(
        due.map((tombstone) => deps.images.write(tombstone, republished(tombstone, now))),
      );
      const written = done.filter(Boolean).length;
      report.republished += written;
      report.overdue += due.filter(({ deletedAt }) => Date.parse(deletedAt) < now - OVERDUE).length;
      // A page of which nothing could be written is the index lagging behind this very loop.
      if (due.length < PAGE || written === 0) break;
    }
  }
  const level = report.overdue > 0 ? "error" : "info";
  deps.log[level](report, "deletions without confirmation were published again");
  return report;
}
