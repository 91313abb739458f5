import { z } from "zod";
import {
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

export const ImageCataloged = defineEvent({
  type: "ImageCataloged",
  producer: "catalog",
  version: 1,
  data: z.object({ image: ImageState }),
});

export const ImageUpdated = defineEvent({
  type: "ImageUpdated",
  producer: "catalog",
  version: 1,
  data: z.object({ image: ImageState }),
});

/** The image is gone for every reader. Its version is larger than that of any state before it. */
export const ImageDeleted = defineEvent({
  type: "ImageDeleted",
  producer: "catalog",
  version: 1,
  data: z.object({
    imageId: ImageId,
    ownerId: z.string(),
    version: z.number().int().positive(),
    deletedAt: z.iso.datetime(),
    uploadedAt: z.iso.datetime(),
    key: z.string(),
  }),
});
