import { contentOf, type ShoeboxClient } from "./client.ts";
import type { CallOptions } from "./images.ts";
import type { FoundImage, SearchPage, SearchQuery, TagsQuery } from "./types.ts";

/** All that is found, over all pages; `limit` is the size of a page. */
export async function* searchImages(
  client: ShoeboxClient,
  query: SearchQuery = {},
  options: CallOptions = {},
): AsyncGenerator<FoundImage, void, undefined> {
  for await (const page of searchPages(client, query, options)) yield* page.items;
}

/** The same, page by page, with `total` and `facets`. */
export async function* searchPages(
  client: ShoeboxClient,
  query: SearchQuery = {},
  { signal }: CallOptions = {},
): AsyncGenerator<SearchPage, void, undefined> {
  let { cursor, after, wait } = query;
  do {
    const params = { query: { ...query, cursor, after, wait } };
    const page = await contentOf(client.api.GET("/v1/search", { params, signal }));
    yield page;
    cursor = page.nextCursor;
    // The first page has waited.
    after = undefined;
    wait = undefined;
  } while (cursor !== undefined);
}

/** The tags that begin so, the most used first. */
export async function completeTags(
  client: ShoeboxClient,
  query: TagsQuery = {},
  { signal }: CallOptions = {},
): Promise<{ tag: string; count: number }[]> {
  const params = { query };
  return (await contentOf(client.api.GET("/v1/search/tags", { params, signal }))).items;
}
