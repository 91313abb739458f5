import { z } from "zod";
import { Exif, Gps, ImageId, Reason, Rendition } from "../image.ts";
import { defineEvent } from "./define.ts";

/** The renditions are written; width and height are those of the picture as it is seen (auto-oriented). */
export const ImageProcessed = defineEvent({
  type: "ImageProcessed",
  producer: "processing",
  version: 1,
  data: z.object({
    imageId: ImageId,
    ownerId: z.string(),
    width: z.number().int().positive(),
    height: z.number().int().positive(),
    thumbHash: z.string(),
    /** `#rrggbb`. */
    color: z.string(),
    takenAt: z.iso.datetime().optional(),
    exif: Exif.optional(),
    gps: Gps.optional(),
    renditions: z.array(Rendition).min(1),
  }),
});

/** The original can't be shown: undecodable, too many pixels, infected. Final. */
export const ImageRejected = defineEvent({
  type: "ImageRejected",
  producer: "processing",
  version: 1,
  data: z.object({ imageId: ImageId, ownerId: z.string(), reason: Reason }),
});

/** All renditions of a deleted image are gone. */
export const RenditionsDeleted = defineEvent({
  type: "RenditionsDeleted",
  producer: "processing",
  version: 1,
  data: z.object({ imageId: ImageId, ownerId: z.string() }),
});
