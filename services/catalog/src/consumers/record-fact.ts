import type { Delivery } from "@shoebox/shared/messaging/consumer";
import type { ImagesTable } from "../adapters/images-table.ts";
import type { ImageKey } from "../domain/image-record.ts";
import type { Write } from "../domain/write.ts";

export interface IngestDeps {
  images: ImagesTable;
  now: () => number;
}

/**
 * Writes a fact down, once: true when it was new. Refused means that it is known, or of an image that is deleted: both
 * are as it should be.
 */
export async function recordFact(
  images: ImagesTable,
  { ownerId, imageId }: ImageKey,
  write: Write,
  delivery: Delivery,
): Promise<boolean> {
  const written = await images.write({ ownerId, imageId }, write);
  const words = written ? "a fact was written down" : "a fact changed nothing";
  delivery.log.info({ imageId }, words);
  return written;
}
