import { ImageDeleted } from "@shoebox/shared/events/catalog";
import { parseOriginalKey } from "@shoebox/shared/image";
import { on, type Subscription } from "@shoebox/shared/messaging/consumer";
import type { Deps } from "../deps.ts";

/**
 * Deletes the original of a deleted image, then confirms it through the session's tombstone. Every
 * delivery confirms again, for the catalog asks again only when it has not heard the confirmation.
 * A version that arrives later finds the tombstone and is discarded as it arrives.
 */
export function onImageDeleted({ originals, sessions, now }: Deps): Subscription {
  return on(ImageDeleted, async ({ data }, { log, correlationId }) => {
    const { ownerId, imageId, key } = data;
    const named = parseOriginalKey(key);
    if (named?.ownerId !== ownerId || named.imageId !== imageId) {
      throw new Error(`${key} is not the key of an original of image ${imageId}.`);
    }
    await originals.deleteAll(key);
    await sessions.confirmDeleted({ ownerId, imageId }, { at: now(), correlationId });
    log.info({ imageId }, "an original was deleted");
  });
}
