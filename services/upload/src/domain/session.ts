import { imageIdTime } from "@shoebox/shared/ids";
import { ContentType, originalKey, Reason, Visibility } from "@shoebox/shared/image";
import { z } from "zod";

/** Whose upload, and which. Every read and write names both, so nobody reaches another's. */
const Ref = z.object({ ownerId: z.string(), imageId: z.string() });
export type SessionRef = z.infer<typeof Ref>;

const Multipart = z.object({
  /** Of the object store: names the parts that belong together. */
  uploadId: z.string(),
  /** Bytes of every part but the last, which has the rest. */
  partSize: z.number(),
  /** Whether every part carries its SHA-256, which the object store then verifies. */
  checksums: z.boolean(),
});
export type Multipart = z.infer<typeof Multipart>;

const Upload = Ref.extend({
  contentType: ContentType,
  /** Bytes: exactly this many must arrive. */
  size: z.number(),
  /** Base64, as S3 writes it. */
  sha256: z.string().optional(),
  fileName: z.string().optional(),
  tags: z.array(z.string()),
  caption: z.string().optional(),
  visibility: Visibility,
  takenAt: z.string().optional(),
  /** Milliseconds: when the form ends, or the parts of a multipart upload can't be sent any more. */
  expiresAt: z.number(),
  /** How it is sent in parts; without it the whole is sent by one form. */
  multipart: Multipart.optional(),
  /** Of the request that began the upload; whatever follows from it carries it on. */
  correlationId: z.string(),
});
export type Upload = z.infer<typeof Upload>;

/** An upload from its request to its end. Times in milliseconds. What is not `awaiting` never becomes it again. */
export const Session = z.discriminatedUnion("status", [
  Upload.extend({ status: z.literal("awaiting") }),
  Upload.extend({ status: z.literal("aborted") }),
  Upload.extend({ status: z.literal("expired") }),
  Upload.extend({
    status: z.literal("uploaded"),
    bucket: z.string(),
    /** The one version that was verified. No other is ever served. */
    versionId: z.string(),
    verifiedAt: z.number(),
    /** How often its processing was asked for again, and when (ISO) it is the next time; absent once that has ended. */
    reminders: z.number().optional(),
    dueAt: z.string().optional(),
    /** The last time that processing asked for it again; it had been asked that often. */
    retry: z.number().optional(),
  }),
  Upload.extend({ status: z.literal("rejected"), reason: Reason, rejectedAt: z.number() }),
  Ref.extend({
    status: z.literal("deleted"),
    originalDeletedAt: z.number(),
    /** How often the deletion was confirmed; each time the stream reports it, and it is published again. */
    confirmations: z.number(),
    correlationId: z.string(),
  }),
]);
export type Session = z.infer<typeof Session>;

/** Milliseconds a form is good for. */
const FORM_LIFETIME = 5 * 60_000;

/**
 * Milliseconds in which the parts of a multipart upload can be sent and completed. The lifecycle of
 * the bucket ends what was not completed after a day, never before (S3 rounds up to midnight UTC).
 */
const MULTIPART_LIFETIME = 24 * 3_600_000;

/**
 * Milliseconds after its end in which an object may still arrive: a form that was sent in time may
 * take long on a slow line.
 */
export const GRACE = 3_600_000;

/**
 * Milliseconds for which the end of an upload is remembered, and a tombstone outlives its image:
 * longer than any queue, dead-letter queue (14 days) or replay keeps an event.
 */
const KEPT = 30 * 24 * 3_600_000;

/**
 * What a session is at a moment. Who reads it sees it expire by the clock; a job writes it down soon
 * after. Until then an object that arrived in time is accepted, however late its event comes.
 */
export function statusOf(session: Session, now: number): Session["status"] {
  return session.status === "awaiting" && now > latestArrival(session) ? "expired" : session.status;
}

/** The last moment (ms) at which the object store may have taken the object. */
export function latestArrival(upload: Upload): number {
  return upload.expiresAt + GRACE;
}

/** When a form that is given out now ends (ms): on a full second, which is what a policy is written in. */
export function formExpiry(now: number): number {
  return wholeSecond(now + FORM_LIFETIME);
}

/** When a multipart upload that is begun now ends (ms): on a full second, as its URLs do. */
export function multipartExpiry(now: number): number {
  return wholeSecond(now + MULTIPART_LIFETIME);
}

/** Milliseconds a part's URL is good for. New ones can be had at any time, and on AWS no URL outlives the credentials that signed it. */
const PART_URL_LIFETIME = 3_600_000;

/** When the URL of a part that is given out now ends (ms, a full second): never after its upload. */
export function partUrlExpiry(upload: Upload, now: number): number {
  return Math.min(wholeSecond(now + PART_URL_LIFETIME), upload.expiresAt);
}

function wholeSecond(time: number): number {
  return Math.floor(time / 1000) * 1000;
}

/**
 * When a session that ended at `at` (ms) without an image is forgotten: epoch seconds, as DynamoDB's
 * TTL wants it. One that is still awaited has no such time: it holds part of its owner's quota until
 * it ends, and the TTL would give nothing back.
 */
export function forgottenAt(at: number): number {
  return Math.ceil((at + KEPT) / 1000);
}

/** When the upload was accepted (ms): the time inside its id. */
export function createdAt(session: SessionRef): number {
  return imageIdTime(session.imageId);
}

/** The one object key that belongs to an upload. */
export function keyOf(upload: Upload): string {
  return originalKey(upload.ownerId, upload.imageId, upload.contentType);
}
