import { z } from "@hono/zod-openapi";
import { isImageId } from "@shoebox/shared/ids";
import type { ImageKey } from "../domain/image-record.ts";
import { noSuchImage } from "../refusals.ts";

/** The path of one image. What is no image id names no image: 404, like every other id that leads nowhere. */
export const ImagePath = z.object({
  imageId: z.string().openapi({
    param: { name: "imageId", in: "path" },
    example: "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55",
  }),
});

/** The key of the caller's own image of that id; the owner is the authorizer's word. */
export function ownImage(userId: string, imageId: string): ImageKey {
  if (!isImageId(imageId)) throw noSuchImage();
  return { ownerId: userId, imageId };
}
