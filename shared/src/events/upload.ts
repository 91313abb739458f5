import { z } from "zod";
import { Caption, ContentType, FileName, ImageId, Reason, Tags, Visibility } from "../image.ts";
import { defineEvent } from "./define.ts";

/** An original arrived, was verified, and is pinned to one version of its object. */
export const ImageUploaded = defineEvent({
  type: "ImageUploaded",
  producer: "upload",
  version: 1,
  summary: "An original has arrived, was verified, and is pinned to one version of its object.",
  data: z.object({
    imageId: ImageId,
    ownerId: z.string(),
    bucket: z.string(),
    key: z.string(),
    versionId: z.string(),
    contentType: ContentType,
    size: z.number().int().positive(),
    sha256: z.string().optional(),
    fileName: FileName.optional(),
    tags: Tags,
    caption: Caption.optional(),
    visibility: Visibility,
    takenAt: z.iso.datetime().optional(),
    uploadedAt: z.iso.datetime(),
    /**
     * How often the fact was published again because processing was not heard to have ended. Whoever
     * is done with the image then says so once more; to everybody else it is a duplicate.
     */
    reminder: z.number().int().positive().optional(),
  }),
});

/** What arrived is not what was announced; nothing of it is kept. */
export const UploadRejected = defineEvent({
  type: "UploadRejected",
  producer: "upload",
  version: 1,
  summary: "What arrived is not what was announced; nothing of it is kept.",
  data: z.object({ imageId: ImageId, ownerId: z.string(), reason: Reason }),
});

/** All versions of a deleted image's original are gone. */
export const OriginalDeleted = defineEvent({
  type: "OriginalDeleted",
  producer: "upload",
  version: 1,
  summary: "All versions of a deleted image's original are gone.",
  data: z.object({ imageId: ImageId, ownerId: z.string() }),
});
