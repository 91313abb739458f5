import { z } from "@hono/zod-openapi";
import { AppError } from "../errors.ts";
import { isImageId } from "../ids.ts";

/** The path parameter of every route about one image. */
export const ImagePath = z.object({
  imageId: z.string().openapi({
    param: { name: "imageId", in: "path" },
    example: "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55",
  }),
});

/**
 * The key of the caller's own image; the owner is the authorizer's word, so that somebody else's
 * image can't even be asked for. What is no image id names no image: 404, like every other id that
 * leads nowhere.
 */
export function ownImage(
  userId: string,
  { imageId }: z.infer<typeof ImagePath>,
): { ownerId: string; imageId: string } {
  if (!isImageId(imageId)) throw new AppError("not-found", "There is no such image.");
  return { ownerId: userId, imageId };
}
