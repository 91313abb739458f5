import { type Check, type Finding, GRACE } from "@shoebox/shared/reconcile/check";
import { lookAt } from "@shoebox/shared/reconcile/look-at";
import type { JobKey, JobsTable } from "../adapters/jobs-table.ts";
import type { RenditionInventory } from "../adapters/renditions.ts";
import type { Job } from "../domain/job.ts";
import { decideRemake } from "../domain/retry.ts";

/**
 * Jobs that are still processed after a day, and jobs whose renditions are not all there. The first
 * are asked for again by upload until they end, which they do by the 26th attempt; the second are
 * processed again, a bounded number of times.
 */
export function jobsInOrder(deps: {
  jobs: Pick<JobsTable, "find" | "everyJob" | "retry">;
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

    async repair({ subject }) {
      const key = { ownerId: String(subject.ownerId), imageId: String(subject.imageId) };
      const job = await jobs.find(key);
      if (decideRemake(job).kind !== "retry" || job?.status !== "processed") return false;
      if ((await missingOf(job)).length === 0) return false;
      return jobs.retry(job, job.correlationId, now());
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
        const missing = await missingOf(job);
        if (missing.length === 0) return undefined;
        return `not in the bucket: ${missing.map(({ name }) => name).join(", ")}`;
      }
      default:
        return undefined;
    }
  }

  async function missingOf(job: Extract<Job, { status: "processed" }>) {
    const there = new Set(await renditions.keysOf(job.imageId));
    return job.renditions.filter(({ key }) => !there.has(key));
  }
}
