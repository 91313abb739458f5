import { ImageDeleted } from "@shoebox/shared/events/catalog";
import { SIGNED_URL_LIFETIME } from "@shoebox/shared/image";
import { on, type Subscription } from "@shoebox/shared/messaging/consumer";
import type { JobsTable } from "../adapters/jobs-table.ts";
import type { RenditionStore } from "../pipeline/ports.ts";

/**
 * Forgets an image. The tombstone comes first: from then on no worker can finish, and one that wrote
 * after the removal finds the tombstone and removes what it wrote. Told again (the catalog repeats
 * tombstones that nobody confirmed), it looks again and confirms again.
 */
export function onImageDeleted(deps: {
  jobs: JobsTable;
  renditions: RenditionStore;
  /** Whose copies at the CDN are worth their price: of all images that were shown (the default), or of public ones only. */
  forgets?: "shown" | "public";
  now: () => number;
}): Subscription {
  return on(ImageDeleted, async ({ metadata, data }, { log }) => {
    const key = { imageId: data.imageId, ownerId: data.ownerId };
    const { correlationId, eventId: causationId } = metadata;
    await deps.jobs.bury(key, { correlationId, causationId }, deps.now());
    await deps.renditions.removeAll(data.imageId);
    // Only now: before, the CDN could have fetched another copy.
    if (data.audience === "public" || (data.audience && deps.forgets !== "public")) {
      const until = Date.parse(data.deletedAt) + SIGNED_URL_LIFETIME;
      await deps.jobs.noteCopies(key, data.audience, until);
    }
    await deps.jobs.confirmRemoval(key, deps.now());
    log.info({ imageId: data.imageId }, "renditions deleted");
  });
}
