import { z } from "zod";
import { Exif, Gps, ImageId, Reason, Rendition } from "../image.ts";
import { defineEvent } from "./define.ts";

/** How often a picture was asked to be processed again before this; absent for none. What is told of a later one is the newer. */
const retry = z.number().int().positive().optional();

/** The renditions are written; width and height are those of the picture as it is seen (auto-oriented). */
export const ImageProcessed = defineEvent({
  type: "ImageProcessed",
  producer: "processing",
  version: 1,
  summary: "The renditions of an image are written.",
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
    retry,
  }),
});

/** The original can't be shown: undecodable, too many pixels, infected. Final, unless it is asked for again. */
export const ImageRejected = defineEvent({
  type: "ImageRejected",
  producer: "processing",
  version: 1,
  summary: "An original can't be shown: undecodable, too many pixels, infected.",
  data: z.object({ imageId: ImageId, ownerId: z.string(), reason: Reason, retry }),
});

/**
 * An image whose processing had ended, or did not end, is to be processed once more: its owner asked
 * for it, or its renditions are missing. Whoever has the original publishes `ImageUploaded` again.
 */
export const ProcessingRequested = defineEvent({
  type: "ProcessingRequested",
  producer: "processing",
  version: 1,
  summary:
    "An image is to be processed once more; whoever has the original publishes ImageUploaded again.",
  data: z.object({
    imageId: ImageId,
    ownerId: z.string(),
    retry: retry.unwrap(),
    /** Whether it was processed before, so that what there is of it goes on being shown meanwhile. */
    shown: z.boolean(),
  }),
});

/** All renditions of a deleted image are gone. */
export const RenditionsDeleted = defineEvent({
  type: "RenditionsDeleted",
  producer: "processing",
  version: 1,
  summary: "All renditions of a deleted image are gone.",
  data: z.object({ imageId: ImageId, ownerId: z.string() }),
});
