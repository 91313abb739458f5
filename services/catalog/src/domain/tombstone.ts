import type { Audience } from "@shoebox/shared/image";
import { type ImageRecord, shardOf, type VisibleImage } from "./image-record.ts";
import { FIRST_RETRY } from "./processed.ts";
import { isoTime, type Occasion, stamp, type Write } from "./write.ts";

/** Milliseconds: what is not confirmed by then is published again, and again as often. */
export const REPUBLISH_AFTER = 15 * 60_000;
/** Milliseconds a closed tombstone is kept: longer than any queue, dead-letter queue (14 days) or stream keeps a late fact. */
export const TOMBSTONE_KEPT = 30 * 86_400_000;

/** The index key of the deletions of a shard that are not confirmed. */
export const awaitingKey = (shard: number): string => `tombstone#${shard}`;

/**
 * The deletion: what readers knew of the image goes at once, what is needed to delete its objects
 * and to refuse late facts stays.
 */
export function deleted(image: VisibleImage, occasion: Occasion): Write {
  return {
    absent: ["deletedAt"],
    present: ["s3Key"],
    equals: { version: image.version },
    set: {
      ...stamp(occasion),
      deletedAt: isoTime(occasion.now),
      audience: audienceOf(image, occasion.now),
      awaiting: awaitingKey(shardOf(image.imageId)),
      republishAt: isoTime(occasion.now + REPUBLISH_AFTER),
      republished: 0,
    },
    remove: [
      "tags",
      "caption",
      "visibility",
      "publicUntil",
      "takenAt",
      "fileName",
      "contentType",
      "size",
      "s3VersionId",
      "uploadDate",
      "processed",
      "rejected",
      "turn",
    ],
    raise: true,
    links: { add: [], remove: image.tags },
  };
}

/**
 * Who may hold a signed URL that still works. Reads leave no trace, so whoever could have asked for
 * one counts; undefined when there is nothing that a URL could have shown. What was processed again
 * may have been shown before, whatever it is now.
 */
function audienceOf(image: VisibleImage, now: number): Audience | undefined {
  if (!image.processed && (image.turn ?? 0) < FIRST_RETRY) return undefined;
  const wasPublic = image.publicUntil !== undefined && Date.parse(image.publicUntil) > now;
  return image.visibility === "public" || wasPublic ? "public" : "owner";
}

export type Confirmation = "originalDeletedAt" | "renditionsDeletedAt";

/** A service deleted its objects of the image. */
export function confirmed(confirmation: Confirmation, now: number): Write {
  return {
    absent: [confirmation],
    present: ["deletedAt"],
    equals: {},
    set: { [confirmation]: isoTime(now) },
    remove: [],
    raise: false,
  };
}

/** Nothing of the image is left anywhere: the tombstone itself may go when no late fact can come any more. */
export function closed(now: number): Write {
  return {
    absent: ["ttl"],
    present: ["deletedAt", "originalDeletedAt", "renditionsDeletedAt"],
    equals: {},
    set: { ttl: Math.ceil((now + TOMBSTONE_KEPT) / 1000) },
    remove: ["awaiting", "republishAt"],
    raise: false,
  };
}

/** The deletion is published again, once for each time it falls due. */
export function republished(
  tombstone: Required<Pick<ImageRecord, "republishAt" | "republished">>,
  now: number,
): Write {
  return {
    absent: ["ttl"],
    present: ["deletedAt"],
    equals: { republishAt: tombstone.republishAt },
    set: {
      republishAt: isoTime(now + REPUBLISH_AFTER),
      republished: tombstone.republished + 1,
    },
    remove: [],
    raise: false,
  };
}
