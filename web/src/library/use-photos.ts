import type { ShoeboxClient } from "@shoebox/client";
import {
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { useGallery } from "../session/gallery-context.tsx";
import { flatten, type PhotoPage } from "./pages.ts";
import { RecentChanges } from "./recent-changes.ts";
import { formatView, isLibrary, rangeOf, toSearchQuery, type View } from "./view.ts";

/** Pictures a request. */
const PAGE = 60;

/** What this page has changed and searches may not know yet. */
export const recentChanges = new RecentChanges();

/** The part of a list's key that all lists share; the user's name is first in every key. */
export const listKey = (userId: string, view?: View) =>
  view ? [userId, "photos", formatView(view)] : [userId, "photos"];

/** The pictures of a view, page by page; a new view shows the one before until it is there. */
export function usePhotos(view: View) {
  const { client, session } = useGallery();
  const query = useInfiniteQuery({
    queryKey: listKey(session.userId, view),
    queryFn: ({ pageParam, signal }) => pageOf(client, view, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: PhotoPage) => last.nextCursor,
    // Pages are kept right one by one: asking for hundreds of them again would be a storm.
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  const photos = useMemo(() => flatten(query.data?.pages ?? []), [query.data]);
  return { ...query, photos, total: query.data?.pages[0]?.total };
}

/** How many pictures of a view there are, by tag and by month. */
export function useFacets(view: View) {
  const { client, session } = useGallery();
  return useQuery({
    queryKey: [session.userId, "facets", formatView({ ...view, sort: "newest" })],
    queryFn: async ({ signal }) => {
      const waiting = recentChanges.after();
      const query = { ...toSearchQuery(view), ...waiting, facets: "tags,months", limit: 1 };
      const { data } = await client.api.GET("/v1/search", { params: { query }, signal });
      if (data?.caughtUp) recentChanges.known(waiting.after);
      const { tags = [], months = [] } = data?.facets ?? {};
      return {
        total: data?.total ?? 0,
        tags: tags as { tag: string; count: number }[],
        months: months as { month: string; count: number }[],
      };
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** A page of a view: from the catalog where it can list it, or else from the search. */
export async function pageOf(
  client: ShoeboxClient,
  view: View,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<PhotoPage> {
  if (isLibrary(view)) {
    const order = view.sort === "oldest" ? ("oldest" as const) : ("newest" as const);
    const query = { ...rangeOf(view.month), order, limit: PAGE, cursor };
    const { data } = await client.api.GET("/v1/images", { params: { query }, signal });
    return { items: data?.items ?? [], nextCursor: data?.nextCursor };
  }
  // The first page waits for what was changed a moment ago; the others go on from there.
  const waiting = cursor === undefined ? recentChanges.after() : {};
  const query = { ...toSearchQuery(view), ...waiting, limit: PAGE, cursor };
  const { data } = await client.api.GET("/v1/search", { params: { query }, signal });
  if (data?.caughtUp) recentChanges.known(waiting.after);
  return { items: data?.items ?? [], nextCursor: data?.nextCursor, total: data?.total };
}

/** Forgets what searches have answered, after something was changed: they are asked again when they are looked at. */
export function forgetSearches(queries: QueryClient, userId: string): void {
  void queries.invalidateQueries({ queryKey: [userId, "facets"] });
  void queries.invalidateQueries({ queryKey: [userId, "tags"] });
  queries.removeQueries({ queryKey: [userId, "photos"], type: "inactive" });
}
