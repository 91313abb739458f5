import type { ImagesTable } from "./adapters/images-table.ts";
import { type ImageKey, visible } from "./domain/image-record.ts";
import { deleted } from "./domain/tombstone.ts";
import type { Occasion } from "./domain/write.ts";
import { ATTEMPTS } from "./edit-image.ts";
import { conflict, noSuchImage } from "./refusals.ts";

/** Makes the image a tombstone. What it conflicts with is read again: its tags may have changed, and their links must go with it. */
export async function deleteImage(
  images: ImagesTable,
  key: ImageKey,
  occasion: Occasion,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const image = visible(await images.find(key));
    if (!image) throw noSuchImage();
    if (await images.write(key, deleted(image, occasion))) return;
  }
  throw conflict();
}
