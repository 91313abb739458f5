import type { JobStatus, Outcome } from "./job.ts";

/** What a finished attempt found when it wrote its end: it won, or the job had ended otherwise before. */
export type Finish =
  | { kind: "saved" }
  /** `undefined`: the record itself is gone (an expired tombstone). */
  | { kind: "overtaken"; by: JobStatus | undefined };

/**
 * Whether the renditions that are in the bucket now must go. Two workers may hold the same message,
 * and a deletion may come between any two steps, so whoever ends last looks at who ended first:
 * - a deleted or rejected image keeps nothing, whatever this attempt or an earlier one wrote;
 * - a processed one keeps them: keys and bytes are the same whoever wrote them.
 */
export function mustRemoveRenditions(
  outcome: Outcome["kind"],
  finish: Finish,
  attempts: number,
): boolean {
  switch (finish.kind) {
    case "overtaken":
      return finish.by !== "processed";
    case "saved":
      // An earlier attempt may have died after its first writes.
      return outcome === "rejected" && attempts > 1;
    default:
      return finish satisfies never;
  }
}
