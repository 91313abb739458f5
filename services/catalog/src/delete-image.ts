import type { ImagesTable } from "./adapters/images-table.ts";
import { type ImageKey, visible } from "./domain/image-record.ts";
import { deleted } from "./domain/tombstone.ts";
import { apply, type Occasion } from "./domain/write.ts";
import { ATTEMPTS } from "./edit-image.ts";
import { conflict, noSuchImage } from "./refusals.ts";

/**
 * Makes the image a tombstone and returns the tombstone's version. What it conflicts with is read again: its tags may have changed, and their
 * links must go with it.
 */
export async function deleteImage(
  images: ImagesTable,
  key: ImageKey,
  occasion: Occasion,
): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const image = visible(await images.find(key));
    if (!image) throw noSuchImage();
    const write = deleted(image, occasion);
    const after = apply(key, image, write);
    if (after && (await images.write(key, write))) return after.version;
  }
  throw conflict();
}
