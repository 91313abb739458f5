import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef } from "react";
import { useGallery } from "../session/gallery-context.tsx";
import { putPhoto } from "./cache.ts";
import type { PhotoPages } from "./pages.ts";
import type { Photo } from "./photo.ts";
import { listKey, pageOf } from "./use-photos.ts";
import type { View } from "./view.ts";

/** Milliseconds in which the addresses of a picture are not asked for again: what fails then has another cause. */
const PAUSE = 30_000;

/**
 * New addresses for a picture that did not load: signed ones end after an hour or two. One's own are
 * asked for one by one, others' with the page of the search that they came with.
 */
export function useRenewal(view: View): (photo: Photo) => void {
  const { client, session } = useGallery();
  const { userId } = session;
  const queries = useQueryClient();
  const asked = useRef(new Map<string, number>());
  return useCallback(
    (photo: Photo) => {
      const once = (key: string, ask: () => Promise<Photo[]>) => {
        const at = asked.current.get(key) ?? Number.NEGATIVE_INFINITY;
        if (Date.now() - at < PAUSE) return;
        asked.current.set(key, Date.now());
        ask().then(
          (fresh) => {
            for (const one of fresh) putPhoto(queries, userId, one);
          },
          () => undefined,
        );
      };
      if (photo.ownerId === userId) {
        once(photo.imageId, async () => {
          const params = { path: { imageId: photo.imageId } };
          const { data } = await client.api.GET("/v1/images/{imageId}", { params });
          return data ? [data] : [];
        });
        return;
      }
      const list = queries.getQueryData<PhotoPages>(listKey(userId, view));
      const page = list?.pages.findIndex(({ items }) =>
        items.some(({ imageId }) => imageId === photo.imageId),
      );
      if (!list || page === undefined || page < 0) return;
      const cursor = list.pageParams[page] as string | undefined;
      once(`page ${cursor}`, async () => (await pageOf(client, view, cursor)).items);
    },
    [client, userId, queries, view],
  );
}
