import { type Clause, relevance, type WordSearch, wordFilters } from "./word-clauses.ts";

/** Whose pictures: the caller's own, everybody's public ones, or both. */
export type Scope = "mine" | "public" | "all";
export type Sort = "relevance" | "newest" | "oldest";
export type Facet = "tags" | "months";

/** What a search asks for, parsed; times are ISO 8601. */
export interface SearchRequest extends WordSearch {
  /** All of them. */
  tag: string[];
  /** At least one of them. */
  anyTag: string[];
  /** None of them. */
  notTag: string[];
  from?: string;
  to?: string;
  takenFrom?: string;
  takenTo?: string;
  scope: Scope;
  sort: Sort;
  facets: Facet[];
  limit: number;
  /** The sort values of the last item before this page. */
  searchAfter?: unknown[];
}

const FACET_TAGS = 50;
/**
 * Of an index of several shards, each reports that many of its most frequent tags, and the sums are
 * exact as long as no shard has more different ones among what was found.
 */
const SHARD_TAGS = 10_000;

/**
 * The body of the `_search` for a page of what a request of this user finds; who may see what is part of it. It
 * counts nothing, so that the engine, which goes through the pictures by time, can stop when the page is full.
 */
export function pageBody(request: SearchRequest, userId: string): Clause {
  return {
    query: {
      bool: {
        ...conditions(request, userId),
        ...(request.sort === "relevance" && { should: relevance(request) }),
      },
    },
    sort: sortBy(request.sort),
    size: request.limit,
    track_total_hits: false,
    _source: ["image"],
    ...(request.searchAfter && { search_after: request.searchAfter }),
  };
}

/**
 * The body of the `_search` for what is told of all that a request of this user finds, whichever page of it is
 * asked for: how many there are, and the facets. Nothing in it depends on the page or on the order, so that the
 * engine knows the answer to the second page's from the first one's, as long as the index has not changed.
 */
export function summaryBody(request: SearchRequest, userId: string): Clause {
  return {
    query: { bool: conditions(request, userId) },
    size: 0,
    track_total_hits: true,
    ...(request.facets.length > 0 && { aggs: aggregations(request.facets) }),
  };
}

/**
 * The body of the `_search` that counts the tags of what a user may see, those that begin with `prefix`
 * alone. A tag consists of letters, digits, `-` and `_`, none of which is an operator in Lucene's
 * regular expressions: the prefix of one is a pattern as it stands.
 */
export function tagsBody(
  { prefix, scope, limit }: { prefix: string; scope: Scope; limit: number },
  userId: string,
): Clause {
  // "map" looks at the tags of what matches alone. The other way numbers all tags of a shard first, and up to
  // 2.19.3 fails in a shard that has no tag from the prefix on (opensearch-project/OpenSearch#19636).
  const begun = prefix === "" ? {} : { include: `${prefix}.*`, execution_hint: "map" };
  return {
    query: {
      bool: {
        filter: [
          ...visible(scope, userId),
          ...(prefix === "" ? [] : [{ prefix: { tags: { value: prefix } } }]),
        ],
      },
    },
    size: 0,
    track_total_hits: false,
    aggs: { tags: tagCounts({ size: limit, ...begun }) },
  };
}

/** The body of the `_search` for what the index knows of this user's images; of nobody else's. */
export function versionsBody(imageIds: string[], userId: string): Clause {
  return {
    query: { bool: { filter: [{ term: { ownerId: userId } }, { terms: { imageId: imageIds } }] } },
    size: imageIds.length,
    track_total_hits: false,
    _source: ["imageId", "version"],
  };
}

/** What decides whether a picture is found. */
function conditions(request: SearchRequest, userId: string) {
  return {
    filter: filters(request, userId),
    ...(request.notTag.length > 0 && { must_not: [{ terms: { tags: request.notTag } }] }),
  };
}

function filters(request: SearchRequest, userId: string): Clause[] {
  return [
    ...visible(request.scope, userId),
    ...request.tag.map((tag) => ({ term: { tags: tag } })),
    ...(request.anyTag.length > 0 ? [{ terms: { tags: request.anyTag } }] : []),
    ...range("uploadedAt", request.from, request.to),
    ...range("takenAt", request.takenFrom, request.takenTo),
    ...wordFilters(request),
  ];
}

function visible(scope: Scope, userId: string): Clause[] {
  return [{ term: { deleted: false } }, { term: { status: "ready" } }, scopeFilter(scope, userId)];
}

function scopeFilter(scope: Scope, userId: string): Clause {
  const mine = { term: { ownerId: userId } };
  const open = { term: { visibility: "public" } };
  switch (scope) {
    case "mine":
      return mine;
    case "public":
      return open;
    case "all":
      return { bool: { should: [mine, open], minimum_should_match: 1 } };
    default:
      return scope satisfies never;
  }
}

function range(field: string, from: string | undefined, to: string | undefined): Clause[] {
  if (!from && !to) return [];
  return [{ range: { [field]: { ...(from && { gte: from }), ...(to && { lt: to }) } } }];
}

/** The image id decides between equals, so that a page ends and the next begins at one exact place. */
function sortBy(sort: Sort): Clause[] {
  const order = sort === "oldest" ? "asc" : "desc";
  const byTime = [{ uploadedAt: { order } }, { imageId: { order } }];
  return sort === "relevance" ? [{ _score: { order: "desc" } }, ...byTime] : byTime;
}

function aggregations(facets: Facet[]): Clause {
  return {
    ...(facets.includes("tags") && { tags: tagCounts({ size: FACET_TAGS }) }),
    ...(facets.includes("months") && {
      months: {
        // Months of UTC, which is the histogram's own default.
        date_histogram: {
          field: "uploadedAt",
          calendar_interval: "month",
          format: "yyyy-MM",
          min_doc_count: 1,
        },
      },
    }),
  };
}

function tagCounts(options: Clause): Clause {
  const order = [{ _count: "desc" }, { _key: "asc" }];
  return { terms: { field: "tags", shard_size: SHARD_TAGS, order, ...options } };
}
