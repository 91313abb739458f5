import type { Job } from "./job.ts";

/**
 * Which of these keys, all of one image's prefix, no job accounts for, and why. A job that is being
 * processed may be writing them; one whose record is gone was deleted a month ago.
 */
export function orphansAmong(
  job: Job | undefined,
  keys: string[],
): { keys: string[]; why: string } | undefined {
  switch (job?.status) {
    case undefined:
      return { keys, why: "no job of this image" };
    case "processing":
      return undefined;
    case "deleted":
      return { keys, why: "the image is deleted" };
    case "rejected":
      return { keys, why: "the image was rejected" };
    case "processed": {
      const known = new Set(job.renditions.map(({ key }) => key));
      const others = keys.filter((key) => !known.has(key));
      return others.length > 0 ? { keys: others, why: "not among its renditions" } : undefined;
    }
    default:
      return job satisfies never;
  }
}
