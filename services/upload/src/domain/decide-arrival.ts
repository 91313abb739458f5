import type { ContentType, Reason } from "@shoebox/shared/image";
import type { RejectReason } from "@shoebox/shared/metrics";
import type { Scan } from "./scan.ts";
import { keyOf, latestArrival, type Session, type Upload } from "./session.ts";

/** What the object store says of a version that arrived. */
export interface ArrivedObject {
  /** Milliseconds: S3's own word for when it took the object (full seconds). */
  arrivedAt: number;
  /** Bytes. */
  size: number;
  /** As the form gave it. */
  contentType: string | undefined;
  /**
   * Base64, of the whole object: S3 computed it while it received the bytes of a form; of an object
   * sent in parts S3 knows none, and it was computed from the stored bytes.
   */
  sha256: string | undefined;
  /** What the first bytes show, as a MIME type; undefined when they show nothing known. */
  detectedType: string | undefined;
}

export interface Arrival {
  key: string;
  versionId: string;
  /** Undefined when the version is not there any more. */
  object: ArrivedObject | undefined;
  /** Of this version; where nothing scans, everything is clean. */
  scan: Scan;
}

export type ArrivalDecision =
  /** It is what was announced: from now on this version is the original. */
  | { kind: "accept"; upload: Upload }
  /** It is not; the upload has failed, and the version goes. */
  | { kind: "reject"; upload: Upload; reason: Reason }
  /** The version has no business here, whatever its upload's state, which does not change. */
  | { kind: "discard"; why: string }
  | { kind: "ignore"; why: string };

/**
 * Decides about one version of one object. In time is what the object store took in time: how late
 * its event comes, or comes again out of a dead-letter queue, does not matter. Any number of the same or of other arrivals, in any
 * order, lead to at most one accepted version, and every other version is discarded. A session that
 * is rejected discards the version again: the crash between the rejection and the deletion is
 * repaired by the redelivered event.
 */
export function decideArrival(session: Session | undefined, arrival: Arrival): ArrivalDecision {
  if (!session) return { kind: "discard", why: "unknown upload" };
  if (session.status === "deleted") return { kind: "discard", why: "deleted image" };
  if (arrival.key !== keyOf(session)) return { kind: "discard", why: "another key" };
  if (session.status === "uploaded") {
    return session.versionId === arrival.versionId
      ? { kind: "ignore", why: "already accepted" }
      : { kind: "discard", why: "a second object on the same key" };
  }
  if (session.status !== "awaiting") {
    return { kind: "discard", why: `${session.status} upload` };
  }
  // S3 is consistent: what is not there was deleted, not delayed. The form can still be used; if
  // it is not, the session expires.
  if (!arrival.object) return { kind: "ignore", why: "the object is gone" };
  if (!inTime(session, arrival.object)) return { kind: "discard", why: "arrived too late" };
  const reason = mismatch(session, arrival.object) ?? threat(arrival.scan);
  if (reason) return { kind: "reject", upload: session, reason };
  // The scan's result is an event of its own, with which this is decided again.
  if (arrival.scan === "awaited") return { kind: "ignore", why: "its scan is awaited" };
  const changed = wrongChecksum(session, arrival.object);
  return changed
    ? { kind: "reject", upload: session, reason: changed }
    : { kind: "accept", upload: session };
}

type Rejection = Reason & { code: RejectReason };

function threat(scan: Scan): Rejection | undefined {
  if (scan === "infected") {
    return { code: "infected", message: "A malware scanner found something in the file." };
  }
  if (scan === "unscannable") {
    return {
      code: "not-scanned",
      message: "The file could not be checked for malware. Please upload it again.",
    };
  }
  return undefined;
}

/** Whether the bytes themselves have to be read to tell if they are those that were announced. */
export function needsDigest(
  session: Session | undefined,
  object: ArrivedObject,
  scan: Scan,
): boolean {
  return (
    session?.status === "awaiting" &&
    scan === "clean" &&
    session.sha256 !== undefined &&
    object.sha256 === undefined &&
    object.size === session.size
  );
}

/**
 * An object made of parts is always in time: only we complete it, and only in time; S3 dates it at
 * the moment the first part could be sent.
 */
function inTime(session: Upload, object: ArrivedObject): boolean {
  return session.multipart !== undefined || object.arrivedAt <= latestArrival(session);
}

function mismatch(upload: Upload, object: ArrivedObject): Rejection | undefined {
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
  return undefined;
}

function wrongChecksum(upload: Upload, object: ArrivedObject): Rejection | undefined {
  if (upload.sha256 === undefined || object.sha256 === upload.sha256) return undefined;
  return {
    code: "checksum-mismatch",
    message: "The file's SHA-256 is not the one that was announced.",
  };
}

/** An animated PNG is a PNG: it has no name of its own in browsers, which announce it as image/png. */
function shows(detected: string | undefined, announced: ContentType): boolean {
  return detected === announced || (detected === "image/apng" && announced === "image/png");
}
