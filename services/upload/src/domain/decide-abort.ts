import { type Session, statusOf } from "./session.ts";

export type AbortDecision =
  | { kind: "abort" }
  | { kind: "not-found" }
  | { kind: "conflict"; status: "uploaded" | "rejected" | "expired" };

/** Only what is still awaited can be called off; what was called off before is not there any more. */
export function decideAbort(session: Session | undefined, now: number): AbortDecision {
  if (!session) return { kind: "not-found" };
  const status = statusOf(session, now);
  switch (status) {
    case "awaiting":
      return { kind: "abort" };
    case "aborted":
    case "deleted":
      return { kind: "not-found" };
    case "uploaded":
    case "rejected":
    case "expired":
      return { kind: "conflict", status };
    default:
      return status satisfies never;
  }
}
