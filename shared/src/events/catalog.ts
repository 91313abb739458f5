import { z } from "zod";
import {
  Audience,
  Caption,
  ContentType,
  Exif,
  FileName,
  ImageId,
  Reason,
  Rendition,
  Tags,
  Visibility,
} from "../image.ts";
import { defineEvent } from "./define.ts";

/**
 * The whole image as the catalog knows it, with a version that only grows. Whoever applies the
 * newest version it has seen is right, whatever came twice, late or out of order. No GPS: where
 * somebody lives does not belong in an index.
 */
export const ImageState = z.object({
  imageId: ImageId,
  ownerId: z.string(),
  version: z.number().int().positive(),
  status: z.enum(["processing", "ready", "rejected"]),
  reason: Reason.optional(),
  tags: Tags,
  caption: Caption.optional(),
  visibility: Visibility,
  fileName: FileName.optional(),
  contentType: ContentType,
  /** Bytes of the original. */
  size: z.number().int().positive(),
  width: z.number().int().positive().optional(),
  height: z.number().int().positive().optional(),
  uploadedAt: z.iso.datetime(),
  takenAt: z.iso.datetime().optional(),
  thumbHash: z.string().optional(),
  color: z.string().optional(),
  exif: Exif.optional(),
  renditions: z.array(Rendition),
});
export type ImageState = z.infer<typeof ImageState>;

/**
 * `becameReady`: this is the change by which the picture could be shown at last, or again, where a rejection had come
 * in between. Absent from all that came before and
 * after it.
 */
const cataloged = z.object({ image: ImageState, becameReady: z.literal(true).optional() });

export const ImageCataloged = defineEvent({
  type: "ImageCataloged",
  producer: "catalog",
  version: 1,
  summary: "An image is in the catalog from now on; the whole of it, with its version.",
  data: cataloged,
});

export const ImageUpdated = defineEvent({
  type: "ImageUpdated",
  producer: "catalog",
  version: 1,
  summary:
    "An image has changed; the whole of it, with its version. The newest one that was seen is right.",
  data: cataloged,
});

/** The image is gone for every reader. Its version is larger than that of any state before it. */
export const ImageDeleted = defineEvent({
  type: "ImageDeleted",
  producer: "catalog",
  version: 1,
  summary: "An image is gone for every reader; its version is larger than any before.",
  data: z.object({
    imageId: ImageId,
    ownerId: z.string(),
    version: z.number().int().positive(),
    deletedAt: z.iso.datetime(),
    uploadedAt: z.iso.datetime(),
    key: z.string(),
    /**
     * Who may hold a signed URL of a rendition that has not ended; a CDN may still have a copy for it.
     * Absent when there never was a rendition to show.
     */
    audience: Audience.optional(),
  }),
});

/** What one owner has: how many live images, and the sum of their checksums (`imageChecksum`). */
const OwnerSummary = z.object({
  ownerId: z.string(),
  images: z.number().int().nonnegative(),
  checksum: z.number().int().nonnegative(),
});
export type OwnerSummary = z.infer<typeof OwnerSummary>;

/** What is left of a deleted image: nothing older than this version may come back. */
const Tombstone = z.object({
  imageId: ImageId,
  ownerId: z.string(),
  version: z.number().int().positive(),
});
export type Tombstone = z.infer<typeof Tombstone>;

const snapshotPage = z.object({
  snapshotId: z.uuid(),
  /** Counted from 0. Each of the `segments` parts of the snapshot has pages of its own. */
  segment: z.number().int().nonnegative(),
  segments: z.number().int().positive(),
  /** Counted from 0 within the segment. */
  page: z.number().int().nonnegative(),
  /** Whether it is the last page of its segment. */
  last: z.boolean(),
  /** What the page tells was read then or later. */
  takenAt: z.iso.datetime(),
  /**
   * The owners of whom everything has been read with this page: each once in a snapshot. An owner
   * without a live image may be missing, but not one that was asked for by name.
   */
  owners: z.array(OwnerSummary),
});

/**
 * A part of what the catalog has, read with strong consistency while it goes on changing: each image
 * once, in the version it had when its page was read. So an image that changed meanwhile may be told
 * of in an older version than its own event did, and applying the newest version is right here too.
 *
 * A snapshot is complete when of each of its segments all pages up to the `last` one have come; they
 * come at least once and in no order.
 */
export const CatalogSnapshotPage = defineEvent({
  type: "CatalogSnapshotPage",
  producer: "catalog",
  version: 1,
  summary: "A part of what the catalog has, for who asked for a snapshot.",
  data: z.discriminatedUnion("mode", [
    snapshotPage.extend({ mode: z.literal("summary") }),
    snapshotPage.extend({
      mode: z.literal("state"),
      images: z.array(ImageState),
      /** Those that the catalog still has: each goes thirty days after its objects are gone. */
      tombstones: z.array(Tombstone),
    }),
  ]),
});

/**
 * The catalog has told a segment of a snapshot up to this page and goes on with the next. It is the
 * catalog's own note to itself: a snapshot is a chain of short pieces of work, not a long one.
 */
export const CatalogSnapshotPaused = defineEvent({
  type: "CatalogSnapshotPaused",
  producer: "catalog",
  version: 1,
  summary: "The catalog's note to itself to go on with a snapshot.",
  data: z.object({
    snapshotId: z.uuid(),
    segment: z.number().int().nonnegative(),
    page: z.number().int().nonnegative(),
  }),
});
