import { imageIdTime } from "@shoebox/shared/ids";
import { ContentType, originalKey, Reason, Visibility } from "@shoebox/shared/image";
import { z } from "zod";

/** Whose upload, and which. Every read and write names both, so nobody reaches another's. */
const Ref = z.object({ ownerId: z.string(), imageId: z.string() });
export type SessionRef = z.infer<typeof Ref>;

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
  /** Milliseconds: when the form ends. */
  expiresAt: z.number(),
  /** Of the request that began the upload; whatever follows from it carries it on. */
  correlationId: z.string(),
});
export type Upload = z.infer<typeof Upload>;

/** An upload from its request to its end. Times in milliseconds. What is not `awaiting` never becomes it again. */
export const Session = z.discriminatedUnion("status", [
  Upload.extend({ status: z.literal("awaiting") }),
  Upload.extend({ status: z.literal("aborted") }),
  Upload.extend({
    status: z.literal("uploaded"),
    bucket: z.string(),
    /** The one version that was verified. No other is ever served. */
    versionId: z.string(),
    verifiedAt: z.number(),
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
 * Milliseconds after the form's end in which an object is still taken: an upload that began in time
 * may last long on a slow line, and its event may come late.
 */
export const GRACE = 3_600_000;

/** Milliseconds after the form's end until a session that led to nothing is forgotten. */
const KEPT = 7 * 24 * 3_600_000;

/** Milliseconds a tombstone outlives its image: longer than any queue, dead-letter queue or replay keeps an event. */
const TOMBSTONE_KEPT = 30 * 24 * 3_600_000;

/**
 * What a session is at a moment. Expiry is a matter of the clock alone: no job has to run for an
 * upload to be expired, and who reads it and who accepts an object can't disagree about it.
 */
export function statusOf(session: Session, now: number): Session["status"] | "expired" {
  return session.status === "awaiting" && now > session.expiresAt + GRACE
    ? "expired"
    : session.status;
}

/** When a form that is given out now ends (ms): on a full second, which is what a policy is written in. */
export function formExpiry(now: number): number {
  return Math.floor((now + FORM_LIFETIME) / 1000) * 1000;
}

/** When a session that led to nothing is forgotten: epoch seconds, as DynamoDB's TTL wants it. */
export function sessionTtl(expiresAt: number): number {
  return Math.ceil((expiresAt + KEPT) / 1000);
}

/** When the tombstone of an original deleted at `deletedAt` (ms) is forgotten: epoch seconds. */
export function tombstoneTtl(deletedAt: number): number {
  return Math.ceil((deletedAt + TOMBSTONE_KEPT) / 1000);
}

/** When the upload was accepted (ms): the time inside its id. */
export function createdAt(session: SessionRef): number {
  return imageIdTime(session.imageId);
}

/** The one object key that belongs to an upload. */
export function keyOf(upload: Upload): string {
  return originalKey(upload.ownerId, upload.imageId, upload.contentType);
}
