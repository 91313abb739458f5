import type { ContentType, Reason } from "@shoebox/shared/image";
import { keyOf, type Session, statusOf, type Upload } from "./session.ts";

/** What the object store says of a version that arrived. */
export interface ArrivedObject {
  /** Bytes. */
  size: number;
  /** As the form gave it. */
  contentType: string | undefined;
  /** Base64; S3 computed it while it received the bytes. */
  sha256: string | undefined;
  /** What the first bytes show, as a MIME type; undefined when they show nothing known. */
  detectedType: string | undefined;
}

export interface Arrival {
  key: string;
  versionId: string;
  /** Undefined when the version is not there any more. */
  object: ArrivedObject | undefined;
}

export type ArrivalDecision =
  /** It is what was announced: from now on this version is the original. */
  | { kind: "accept" }
  /** It is not; the upload has failed, and the version goes. */
  | { kind: "reject"; reason: Reason }
  /** The version has no business here, whatever its upload's state, which does not change. */
  | { kind: "discard"; why: string }
  | { kind: "ignore"; why: string };

/**
 * Decides about one version of one object. Any number of the same or of other arrivals, in any
 * order, lead to at most one accepted version, and every other version is discarded. A session that
 * is rejected discards the version again: the crash between the rejection and the deletion is
 * repaired by the redelivered event.
 */
export function decideArrival(
  session: Session | undefined,
  arrival: Arrival,
  now: number,
): ArrivalDecision {
  if (!session) return { kind: "discard", why: "unknown upload" };
  const status = statusOf(session, now);
  if (session.status === "deleted") return { kind: "discard", why: "deleted image" };
  if (arrival.key !== keyOf(session)) return { kind: "discard", why: "another key" };
  if (session.status === "uploaded") {
    return session.versionId === arrival.versionId
      ? { kind: "ignore", why: "already accepted" }
      : { kind: "discard", why: "a second object on the same key" };
  }
  if (status !== "awaiting") return { kind: "discard", why: `${status} upload` };
  // S3 is consistent: what is not there was deleted, not delayed. The form can still be used; if
  // it is not, the session expires.
  if (!arrival.object) return { kind: "ignore", why: "the object is gone" };
  const reason = mismatch(session, arrival.object);
  return reason ? { kind: "reject", reason } : { kind: "accept" };
}

function mismatch(upload: Upload, object: ArrivedObject): Reason | undefined {
  if (object.size !== upload.size) {
    return {
      code: "size-mismatch",
      message: `The file has ${object.size} bytes; ${upload.size} were announced.`,
    };
  }
  if (object.contentType !== upload.contentType) {
    return {
      code: "content-type-mismatch",
      message: `The file was sent as ${object.contentType ?? "no type"}; ${upload.contentType} was announced.`,
    };
  }
  if (!shows(object.detectedType, upload.contentType)) {
    return {
      code: "type-mismatch",
      message: `The file is ${object.detectedType ?? "of an unknown type"}, not ${upload.contentType}.`,
    };
  }
  if (upload.sha256 !== undefined && object.sha256 !== upload.sha256) {
    return {
      code: "checksum-mismatch",
      message: "The file's SHA-256 is not the one that was announced.",
    };
  }
  return undefined;
}

/** An animated PNG is a PNG: it has no name of its own in browsers, which announce it as image/png. */
function shows(detected: string | undefined, announced: ContentType): boolean {
  return detected === announced || (detected === "image/apng" && announced === "image/png");
}
