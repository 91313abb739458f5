import { z } from "@hono/zod-openapi";
import type { CdnSigner } from "@shoebox/shared/cdn/signer";
import { imageExample } from "@shoebox/shared/http/image-example";
import { ContentType, Exif, Gps, Reason, Rendition, Visibility } from "@shoebox/shared/image";
import { toState, type VisibleImage } from "../domain/image-record.ts";

/** An image as its owner gets it. */
export const ImageView = z
  .object({
    imageId: z.string(),
    ownerId: z.string(),
    status: z.enum(["processing", "ready", "rejected"]),
    reason: Reason.optional().openapi({ description: "Why it was rejected" }),
    tags: z.array(z.string()),
    caption: z.string().nullable(),
    visibility: Visibility,
    fileName: z.string().optional(),
    contentType: ContentType,
    size: z.number().int().openapi({ description: "Bytes of the original" }),
    width: z.number().int().nullable().openapi({ description: "Null until it is ready" }),
    height: z.number().int().nullable(),
    uploadedAt: z.string().openapi({ format: "date-time" }),
    takenAt: z.string().optional().openapi({
      format: "date-time",
      description: "The user's own value, or else the camera's",
    }),
    thumbHash: z.string().optional(),
    color: z.string().optional().openapi({ example: "#8aa0b4" }),
    exif: Exif.extend({ gps: Gps.optional() }).optional(),
    renditions: z.array(
      Rendition.omit({ key: true }).extend({
        url: z.string().openapi({ description: "Signed; valid for one to two hours" }),
      }),
    ),
    version: z.number().int(),
  })
  .openapi("Image", { example: imageExample });

/** One signature serves all renditions of the image. */
export function toView(
  image: VisibleImage,
  cdn: CdnSigner,
  now: number,
): z.infer<typeof ImageView> {
  const { caption, width, height, exif, renditions, ...state } = toState(image);
  const urlOf = renditions.length > 0 ? cdn.renditions(image.imageId, now) : () => "";
  const gps = image.processed?.gps;
  return {
    ...state,
    caption: caption ?? null,
    width: width ?? null,
    height: height ?? null,
    ...((exif || gps) && { exif: { ...exif, ...(gps && { gps }) } }),
    renditions: renditions.map(({ key, ...rendition }) => ({ ...rendition, url: urlOf(key) })),
  };
}
