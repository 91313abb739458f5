import { ShoeboxError } from "@shoebox/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useGallery } from "../session/gallery-context.tsx";
import { dropPhotos, putHead, putPhoto } from "./cache.ts";
import type { PhotoPages } from "./pages.ts";
import { listKey, pageOf } from "./use-photos.ts";
import { isWholeLibrary, type View } from "./view.ts";

/** Milliseconds between two looks while something is being processed, and otherwise. */
const [BUSY, CALM] = [1_500, 45_000];
/** Pictures that are asked for one by one, because they are further down than the first page. */
const ONE_BY_ONE = 8;

/**
 * Keeps the library as it is: looks at its newest pictures often while some are being processed, now
 * and then otherwise, and when the page is looked at or the network is back.
 */
export function useFreshLibrary(view: View, loaded: boolean): void {
  const { client, session } = useGallery();
  const { userId } = session;
  const queries = useQueryClient();
  const processing = () =>
    (queries.getQueryData<PhotoPages>(listKey(userId, view))?.pages ?? [])
      .flatMap(({ items }) => items)
      .filter(({ status }) => status === "processing");

  useQuery({
    queryKey: [userId, "head"],
    enabled: loaded && isWholeLibrary(view),
    queryFn: async ({ signal }) => {
      const head = await pageOf(client, view, undefined, signal);
      putHead(queries, userId, view, head);
      const fresh = new Set(head.items.map(({ imageId }) => imageId));
      const elsewhere = processing().filter(({ imageId }) => !fresh.has(imageId));
      for (const { imageId } of elsewhere.slice(0, ONE_BY_ONE)) {
        const params = { path: { imageId } };
        try {
          const { data } = await client.api.GET("/v1/images/{imageId}", { params, signal });
          if (data) putPhoto(queries, userId, data);
        } catch (error) {
          if (!(error instanceof ShoeboxError && error.status === 404)) throw error;
          dropPhotos(queries, userId, new Set([imageId]));
        }
      }
      return Date.now();
    },
    refetchInterval: () => (processing().length > 0 ? BUSY : CALM),
    refetchOnWindowFocus: "always",
    refetchOnReconnect: "always",
    staleTime: 0,
  });
}
