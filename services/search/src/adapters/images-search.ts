import { createHash } from "node:crypto";
import { type Client, errors } from "@opensearch-project/opensearch";
import { AppError } from "@shoebox/shared/errors";
import type { ImageState } from "@shoebox/shared/events/catalog";
import { READ_ALIAS } from "../domain/index-name.ts";
import {
  pageBody,
  type Scope,
  type SearchRequest,
  summaryBody,
  tagsBody,
  versionsBody,
} from "../domain/query.ts";
import type { Clause } from "../domain/word-clauses.ts";

export interface SearchResult {
  total: number;
  hits: { image: ImageState; sort: unknown[] }[];
  facets: { tags?: Count[]; months?: Count[] };
}

export interface Count {
  key: string;
  count: number;
}

/**
 * The index as its readers ask it. Everything is asked for a user, and only what he may see is
 * answered. Throws `unavailable` when the engine can't be reached or can't answer completely.
 */
export interface ImagesSearch {
  search(request: SearchRequest, userId: string): Promise<SearchResult>;
  /** How often which tags are used, most used first. */
  countTags(
    request: { prefix: string; scope: Scope; limit: number },
    userId: string,
  ): Promise<Count[]>;
  /** The versions in which searches know images of this user, deleted ones included; others are missing. */
  versions(imageIds: string[], userId: string): Promise<Map<string, number>>;
}

interface Buckets {
  buckets: { key: string | number; key_as_string?: string; doc_count: number }[];
}
interface Answer<Source> {
  hits: { total?: { value: number }; hits: { _source: Source; sort: unknown[] }[] };
  aggregations?: { tags?: Buckets; months?: Buckets };
}

export function createImagesSearch(client: Client): ImagesSearch {
  /** Undefined before the first picture: there is no index then, and nothing to be found. */
  async function ask<Source>(body: Clause, userId: string): Promise<Answer<Source> | undefined> {
    try {
      const answer = await client.search({
        index: READ_ALIAS,
        body,
        // A total without the shards that failed would be wrong without saying so.
        allow_partial_search_results: false,
        // Replicas refresh at different moments: a user who always asks the same one never goes back in time.
        preference: createHash("sha256").update(userId).digest("hex"),
      });
      return answer.body as unknown as Answer<Source>;
    } catch (error) {
      if (isMissingIndex(error)) return undefined;
      if (!isOutage(error)) throw error;
      throw new AppError("unavailable", "Search can't answer at the moment; try again.", {
        cause: error,
        headers: { "Retry-After": "1" },
      });
    }
  }

  return {
    async search(request, userId) {
      const [page, summary] = await Promise.all([
        ask<{ image: ImageState }>(pageBody(request, userId), userId),
        ask(summaryBody(request, userId), userId),
      ]);
      const { tags, months } = summary?.aggregations ?? {};
      return {
        total: summary?.hits.total?.value ?? 0,
        hits: (page?.hits.hits ?? []).map(({ _source, sort }) => ({
          image: _source.image,
          sort,
        })),
        facets: {
          ...(request.facets.includes("tags") && { tags: counts(tags) }),
          ...(request.facets.includes("months") && { months: counts(months) }),
        },
      };
    },

    async countTags(request, userId) {
      const answer = await ask(tagsBody(request, userId), userId);
      return counts(answer?.aggregations?.tags);
    },

    async versions(imageIds, userId) {
      type Known = { imageId: string; version: number };
      const answer = await ask<Known>(versionsBody(imageIds, userId), userId);
      return new Map(
        (answer?.hits.hits ?? []).map(({ _source }) => [_source.imageId, _source.version]),
      );
    },
  };
}

function counts(aggregation: Buckets | undefined): Count[] {
  return (aggregation?.buckets ?? []).map((bucket) => ({
    key: bucket.key_as_string ?? String(bucket.key),
    count: bucket.doc_count,
  }));
}

function isMissingIndex(error: unknown): boolean {
  return (
    error instanceof errors.ResponseError && error.body?.error?.type === "index_not_found_exception"
  );
}

/** The engine is not there, too busy, or some of its shards are. */
function isOutage(error: unknown): boolean {
  if (error instanceof errors.ResponseError) {
    return [429, 502, 503, 504].includes(error.statusCode ?? 0);
  }
  return error instanceof errors.ConnectionError || error instanceof errors.TimeoutError;
}
