import { type Check, type Finding, GRACE } from "@shoebox/shared/reconcile/check";
import { lookAt } from "@shoebox/shared/reconcile/look-at";
import type { JobKey, JobsTable } from "../adapters/jobs-table.ts";
import type { RenditionInventory } from "../adapters/renditions.ts";

/**
 * Jobs that are still processed after a day, and jobs whose renditions are not all there. The first
 * are asked for again by upload until they end; the second are told, since only the picture's owner
 * could be given others.
 */
export function jobsInOrder(deps: {
  jobs: Pick<JobsTable, "find" | "everyJob">;
  renditions: RenditionInventory;
  now: () => number;
}): Check {
  const { jobs, renditions, now } = deps;
  return {
    name: "jobs-in-order",
    async page(cursor) {
      const { keys, next } = await jobs.everyJob(cursor);
      const look = async (key: JobKey): Promise<Finding | undefined> => {
        const why = (await fault(key)) && (await fault(key));
        return why ? { subject: { ...key }, why } : undefined;
      };
      return { looked: keys.length, findings: await lookAt(keys, look), next };
    },
  };

  /** Asked twice: a deletion that came in between is no fault. */
  async function fault(key: JobKey): Promise<string | undefined> {
    const job = await jobs.find(key);
    switch (job?.status) {
      case "processing":
        if (Date.parse(job.startedAt) > now() - GRACE) return undefined;
        return `not processed after ${job.attempts} attempts`;
      case "processed": {
        const there = new Set(await renditions.keysOf(key.imageId));
        const missing = job.renditions.filter((rendition) => !there.has(rendition.key));
        if (missing.length === 0) return undefined;
        return `not in the bucket: ${missing.map(({ name }) => name).join(", ")}`;
      }
      default:
        return undefined;
    }
  }
}
