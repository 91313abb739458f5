import type { Audience } from "@shoebox/shared/image";
import type { Logger } from "@shoebox/shared/log";
import type { Cdn } from "../adapters/cdn.ts";
import type { JobKey, JobsTable } from "../adapters/jobs-table.ts";

/** Paths of one run: what CloudFront takes at a time (15), less some that may still be under way. */
export const MOST_PATHS = 10;
const PAGE = 100;
/** Pages of one run that are let go because nobody can fetch them any more. */
const PAGES = 20;

/** Those whose URLs anybody may hold come first. */
const audiences: Audience[] = ["public", "owner"];

/**
 * Has the CDN forget deleted images, a few each minute. What it does not come to in time needs it no
 * more: every signed URL has ended two hours after the deletion, and without one nobody reaches a
 * copy. So the cost is bounded, whatever is deleted at a time.
 */
export async function forgetCopies(deps: {
  jobs: Pick<JobsTable, "copies" | "unreachableCopies" | "forgetCopies">;
  cdn: Cdn;
  now: () => number;
  log: Logger;
}): Promise<{ invalidated: number; ended: number }> {
  const { jobs, cdn, now, log } = deps;
  const done = (keys: JobKey[]) => Promise.all(keys.map((key) => jobs.forgetCopies(key)));
  const report = { invalidated: 0, ended: 0 };
  for (const audience of audiences) {
    for (let page = 0; page < PAGES; page++) {
      const over = await jobs.unreachableCopies(audience, now(), PAGE);
      await done(over);
      report.ended += over.length;
      if (over.length < PAGE) break;
    }
  }

  const chosen: JobKey[] = [];
  for (const audience of audiences) {
    const room = MOST_PATHS - chosen.length;
    if (room > 0) chosen.push(...(await jobs.copies(audience, now(), room)));
  }
  if (chosen.length > 0) {
    if (await cdn.forget(chosen.map(({ imageId }) => imageId))) {
      await done(chosen);
      report.invalidated = chosen.length;
    } else {
      log.warn("the CDN is busy forgetting other images; these follow in a minute");
    }
  }
  log.info(report, "the CDN was told of deleted images");
  return report;
}
