import type { Outcome } from "./job.ts";
import { reasonOf } from "./reasons.ts";

/** Seconds that an attempt may last: the timeout of the worker, as the program declares it. */
export const ATTEMPT_SECONDS = 60;

/**
 * How often a picture is tried. A queue hands a message out five times, and upload sends it again 1,
 * 3, 7, 15 and 31 hours after the first time: what fails as often as this failed for more than a day,
 * longer than a store or a scanner is down. Who asks for it again gets as many once more.
 */
export const MAX_ATTEMPTS = 25;

/** What becomes of a picture that no attempt could finish; undefined while it may be tried again. */
export function givenUp(attempts: number): Outcome | undefined {
  if (attempts <= MAX_ATTEMPTS) return undefined;
  return { kind: "rejected", reason: reasonOf("processing-failed"), steps: [] };
}
