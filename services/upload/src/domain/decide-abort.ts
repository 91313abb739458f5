import { type Session, statusOf, type Upload } from "./session.ts";

export type AbortDecision =
  | { kind: "abort"; upload: Upload }
  | { kind: "not-found" }
  | { kind: "conflict"; status: "uploaded" | "rejected" | "expired" };

/** Only what is still awaited can be called off; what was called off before is not there any more. */
export function decideAbort(session: Session | undefined, now: number): AbortDecision {
  if (!session) return { kind: "not-found" };
  switch (session.status) {
    case "awaiting":
      return statusOf(session, now) === "expired"
        ? { kind: "conflict", status: "expired" }
        : { kind: "abort", upload: session };
    case "aborted":
    case "deleted":
      return { kind: "not-found" };
    case "uploaded":
    case "rejected":
    case "expired":
      return { kind: "conflict", status: session.status };
    default:
      return session satisfies never;
  }
}
