import type { Delivery } from "@shoebox/shared/messaging/consumer";
import type { ImageKey } from "../domain/image-record.ts";
import { type Confirmation, closed, confirmed } from "../domain/tombstone.ts";
import { type IngestDeps, recordFact } from "./record-fact.ts";

/**
 * Marks the confirmation, then tries to close the tombstone, which holds only when both marks are
 * there. Whoever comes second closes; after a crash between the two writes the redelivery does.
 */
export async function confirmDeletion(
  { images, now }: IngestDeps,
  key: ImageKey,
  confirmation: Confirmation,
  delivery: Delivery,
): Promise<void> {
  await recordFact(images, key, confirmed(confirmation, now()), delivery);
  await images.write({ ownerId: key.ownerId, imageId: key.imageId }, closed(now()));
}
