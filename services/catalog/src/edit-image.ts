import { AppError } from "@shoebox/shared/errors";
import type { ImagesTable } from "./adapters/images-table.ts";
import { type Edit, edited } from "./domain/edit.ts";
import { type ImageKey, type VisibleImage, visible } from "./domain/image-record.ts";
import { apply, type Occasion } from "./domain/write.ts";
import { conflict, noSuchImage } from "./refusals.ts";

/** How often a change begins anew because another one came in between. */
export const ATTEMPTS = 8;

/**
 * Changes what the user may change. The write holds only for the version that was read, so of two
 * edits at the same time the second is made upon the first.
 *
 * @param edit what to change, or how to tell from the image as it is
 * @param matches whether the client wants to change this version; 412 `precondition-failed` if not
 */
export async function editImage(
  images: ImagesTable,
  key: ImageKey,
  edit: Edit | ((image: VisibleImage) => Edit),
  occasion: Occasion,
  matches: (version: number) => boolean,
): Promise<VisibleImage> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const image = visible(await images.find(key));
    if (!image) throw noSuchImage();
    if (!matches(image.version)) {
      throw new AppError(
        "precondition-failed",
        `The image is at version ${image.version} now; read it again and decide anew.`,
        { headers: { ETag: `"${image.version}"` } },
      );
    }
    const write = edited(image, typeof edit === "function" ? edit(image) : edit, occasion);
    if (!write) return image;
    if (await images.write(key, write)) {
      const after = visible(apply(key, image, write));
      if (after) return after;
    }
  }
  throw conflict();
}
