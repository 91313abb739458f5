import { type Client, errors } from "@opensearch-project/opensearch";
import type { ImageState } from "@shoebox/shared/events/catalog";
import { READ_ALIAS } from "../domain/index-name.ts";
import { type SearchRequest, searchBody } from "../domain/query.ts";

export interface SearchResult {
  total: number;
  hits: { image: ImageState; sort: unknown[] }[];
  facets: Partial<Record<"tags" | "months", { key: string; count: number }[]>>;
}

export interface ImagesIndex {
  search(request: SearchRequest, userId: string): Promise<SearchResult>;
}

export function createImagesIndex(client: Client): ImagesIndex {
  return {
    async search(request, userId) {
      try {
        const answer = await client.search({
          index: READ_ALIAS,
          body: searchBody(request, userId),
        });
        return toResult(answer.body as unknown as SearchAnswer);
      } catch (error) {
        // Before the first picture there is no index, and nothing to be found.
        if (isMissingIndex(error)) return { total: 0, hits: [], facets: {} };
        throw error;
      }
    },
  };
}

interface SearchAnswer {
  hits: {
    total: { value: number };
    hits: { _source: { image: ImageState }; sort: unknown[] }[];
  };
  aggregations?: Record<
    "tags" | "months",
    { buckets: { key: string | number; key_as_string?: string; doc_count: number }[] } | undefined
  >;
}

function toResult(answer: SearchAnswer): SearchResult {
  const facet = (name: "tags" | "months") =>
    answer.aggregations?.[name]?.buckets.map((bucket) => ({
      key: bucket.key_as_string ?? String(bucket.key),
      count: bucket.doc_count,
    }));
  return {
    total: answer.hits.total.value,
    hits: answer.hits.hits.map((hit) => ({ image: hit._source.image, sort: hit.sort })),
    facets: { tags: facet("tags"), months: facet("months") },
  };
}

function isMissingIndex(error: unknown): boolean {
  return (
    error instanceof errors.ResponseError && error.body?.error?.type === "index_not_found_exception"
  );
}
