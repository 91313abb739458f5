import { type Check, type Finding, GRACE } from "@shoebox/shared/reconcile/check";
import type { ImagesTable } from "../adapters/images-table.ts";
import { statusOf, visible } from "../domain/image-record.ts";

/**
 * Images that readers still see as `processing` a day after their upload. Upload has processing end
 * each of them and say so; what was said and is not here waits in a dead-letter queue of the catalog.
 */
export function unprocessedImages(deps: {
  images: Pick<ImagesTable, "everyImage">;
  now: () => number;
}): Check {
  return {
    name: "unprocessed-images",
    async page(cursor) {
      const { images, next } = await deps.images.everyImage(cursor);
      const findings = images.flatMap((record): Finding[] => {
        const image = visible(record);
        if (!image || statusOf(image) !== "processing") return [];
        if (Date.parse(image.uploadTime) > deps.now() - GRACE) return [];
        const { ownerId, imageId } = image;
        return [
          { subject: { ownerId, imageId }, why: "its processing was not heard to have ended" },
        ];
      });
      return { looked: images.length, findings, next };
    },
  };
}
