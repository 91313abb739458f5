import type { ImageState } from "@shoebox/shared/events/catalog";
import type {
  Audience,
  ContentType,
  Exif,
  Gps,
  Reason,
  Rendition,
  Visibility,
} from "@shoebox/shared/image";

/** Which image: the owner is part of every key, so another's image can't even be named. */
export interface ImageKey {
  ownerId: string;
  imageId: string;
}

/** What processing found out about a picture that can be shown. */
export interface Processed {
  width: number;
  height: number;
  thumbHash: string;
  color: string;
  /** The camera's word; the user's own (`takenAt` of the record) goes before it. */
  takenAt?: string;
  exif?: Exif;
  gps?: Gps;
  renditions: Rendition[];
}

/**
 * One image as it is stored: a join of parts that arrive in any order. Each part is written once
 * and by its own fact, so that a missing part says "not heard yet" and nothing else. Times are ISO
 * 8601 in UTC with milliseconds, except `ttl` (epoch seconds, DynamoDB's own unit).
 */
export interface ImageRecord extends ImageKey {
  /** Counts the changes of the image; the bookkeeping of a deletion is none. */
  version: number;
  /** When the version was made, and in the course of which request. */
  updatedAt: string;
  correlationId: string;

  // Upload's part.
  s3Key?: string;
  s3VersionId?: string;
  contentType?: ContentType;
  /** Bytes of the original. */
  size?: number;
  fileName?: string;
  uploadTime?: string;
  /** `<yyyy-mm-dd>#<shard>`: the key of the index by date over all owners. */
  uploadDate?: string;

  // The user's part: begins with what came with the upload.
  tags?: string[];
  caption?: string;
  visibility?: Visibility;
  takenAt?: string;
  /** Since it became private: until when a signed URL lives that others may have been given. */
  publicUntil?: string;

  // Processing's part: one of the two, and how new it is. What is newer takes the place of the other.
  processed?: Processed;
  rejected?: Reason;
  turn?: number;

  // The tombstone.
  deletedAt?: string;
  /** Who may hold a signed URL of what is deleted. */
  audience?: Audience;
  originalDeletedAt?: string;
  renditionsDeletedAt?: string;
  /** Shard of the index of deletions that are not confirmed, and when to publish this one again. */
  awaiting?: string;
  republishAt?: string;
  republished?: number;
  ttl?: number;
}

/** An image that readers see. */
export type VisibleImage = ImageRecord &
  Required<
    Pick<
      ImageRecord,
      "s3Key" | "s3VersionId" | "contentType" | "size" | "uploadTime" | "tags" | "visibility"
    >
  >;

/** The image, if readers may see it: its upload is known and it is not deleted. */
export function visible(record: ImageRecord | undefined): VisibleImage | undefined {
  if (record?.s3Key === undefined || record.deletedAt !== undefined) return undefined;
  return record as VisibleImage;
}

/** Derived from the parts, never stored: so it can't contradict them. */
export function statusOf(record: ImageRecord): ImageState["status"] {
  if (record.rejected) return "rejected";
  return record.processed ? "ready" : "processing";
}

/** The image as the catalog's events tell it: everything but where it was taken. */
export function toState(image: VisibleImage): ImageState {
  const { processed } = image;
  return {
    imageId: image.imageId,
    ownerId: image.ownerId,
    version: image.version,
    status: statusOf(image),
    reason: image.rejected,
    tags: image.tags,
    caption: image.caption,
    visibility: image.visibility,
    fileName: image.fileName,
    contentType: image.contentType,
    size: image.size,
    width: processed?.width,
    height: processed?.height,
    uploadedAt: image.uploadTime,
    takenAt: image.takenAt ?? processed?.takenAt,
    thumbHash: processed?.thumbHash,
    color: processed?.color,
    exif: processed?.exif,
    renditions: processed?.renditions ?? [],
  };
}

/** 0–15: spreads what all owners do on one day, or delete at one time, over 16 partitions. The last digit of an image id is random. */
export function shardOf(imageId: string): number {
  return Number.parseInt(imageId.slice(-1), 16);
}

export const SHARDS = 16;
