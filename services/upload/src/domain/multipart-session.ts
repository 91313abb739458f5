import type { Multipart, Session, Upload } from "./session.ts";

export type MultipartUpload = Upload & { status: "awaiting"; multipart: Multipart };

/** Whether parts of it may be sent and completed now, or why not. */
export type MultipartState =
  | { kind: "open"; upload: MultipartUpload }
  /** Its time is up. It may have been completed before. */
  | { kind: "over"; upload: MultipartUpload }
  | { kind: "form" }
  | { kind: "ended"; session: Exclude<Session, { status: "awaiting" | "deleted" }> }
  | { kind: "not-found" };

/**
 * Parts are taken until `expiresAt`, without the grace that an arriving object has: what is
 * completed by then has arrived long before the session ends.
 */
export function multipartState(session: Session | undefined, now: number): MultipartState {
  if (!session || session.status === "deleted") return { kind: "not-found" };
  const { multipart } = session;
  if (!multipart) return { kind: "form" };
  if (session.status !== "awaiting") return { kind: "ended", session };
  return { kind: now > session.expiresAt ? "over" : "open", upload: { ...session, multipart } };
}
