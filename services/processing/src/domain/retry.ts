import { ATTEMPT_SECONDS } from "./attempts.ts";
import type { Job } from "./job.ts";

/**
 * How often a picture may be asked for again, by its owner or because renditions are missing. Each
 * time is up to 25 attempts of a minute; what ten times did not mend is for a person to look at.
 */
export const MAX_RETRIES = 10;

/** Rejections that lay in us or in the limits of a deployment. All others lie in the bytes, and those do not change. */
const worthAnother: ReadonlySet<string> = new Set([
  "processing-failed",
  "too-complex",
  "too-many-pixels",
  "too-large",
  "original-missing",
]);

export type RetryDecision =
  | { kind: "retry" }
  | { kind: "unknown" }
  /** `why` is a sentence for the owner. */
  | { kind: "refused"; why: string };

const refused = (why: string): RetryDecision => ({ kind: "refused", why });

/** Whether the owner may have a picture processed again at `now` (ms). */
export function decideRetry(job: Job | undefined, now: number): RetryDecision {
  if (!job || job.status === "deleted") return { kind: "unknown" };
  if (job.status === "processed") return refused("The picture is processed already.");
  if (job.status === "rejected" && !worthAnother.has(job.reason.code)) {
    return refused(`Another attempt would end the same. ${job.reason.message}`);
  }
  if (job.status === "processing" && now < activeUntil(job)) {
    return refused("The picture is being processed right now.");
  }
  return withinBounds(job);
}

/** Whether the renditions of a picture that was processed may be made again. */
export function decideRemake(job: Job | undefined): RetryDecision {
  return job?.status === "processed" ? withinBounds(job) : { kind: "unknown" };
}

function withinBounds({ retries = 0 }: { retries?: number }): RetryDecision {
  return retries < MAX_RETRIES
    ? { kind: "retry" }
    : refused(`It was processed again ${MAX_RETRIES} times and will not be any more.`);
}

/** An attempt that has not ended by then never will: its worker's time is up. */
function activeUntil({ activeAt, startedAt }: { activeAt?: string; startedAt: string }): number {
  return Date.parse(activeAt ?? startedAt) + ATTEMPT_SECONDS * 1_000;
}
