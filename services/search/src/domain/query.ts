/** What a search asks for, parsed; times are ISO 8601. */
export interface SearchRequest {
  q?: string;
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
  scope: "mine" | "public" | "all";
  sort: "relevance" | "newest" | "oldest";
  facets: ("tags" | "months")[];
  limit: number;
  /** The sort values of the last item before this page. */
  after?: unknown[];
}

type Clause = Record<string, unknown>;

const FACET_TAGS = 50;

/** The body of the `_search` that answers a request of this user; who may see what is part of it. */
export function searchBody(request: SearchRequest, userId: string): Record<string, unknown> {
  return {
    query: {
      bool: {
        ...(request.q && { must: [{ match: { words: { query: request.q, operator: "and" } } }] }),
        filter: filters(request, userId),
        ...(request.notTag.length > 0 && { must_not: [{ terms: { tags: request.notTag } }] }),
      },
    },
    sort: sortBy(request.sort),
    size: request.limit,
    track_total_hits: true,
    _source: ["image"],
    ...(request.after && { search_after: request.after }),
    ...(request.facets.length > 0 && { aggs: aggregations(request.facets) }),
  };
}

function filters(request: SearchRequest, userId: string): Clause[] {
  return [
    { term: { deleted: false } },
    { term: { status: "ready" } },
    scopeFilter(request.scope, userId),
    ...request.tag.map((tag) => ({ term: { tags: tag } })),
    ...(request.anyTag.length > 0 ? [{ terms: { tags: request.anyTag } }] : []),
    ...range("uploadedAt", request.from, request.to),
    ...range("takenAt", request.takenFrom, request.takenTo),
  ];
}

function scopeFilter(scope: SearchRequest["scope"], userId: string): Clause {
  const mine = { term: { ownerId: userId } };
  const visible = { term: { visibility: "public" } };
  switch (scope) {
    case "mine":
      return mine;
    case "public":
      return visible;
    case "all":
      return { bool: { should: [mine, visible], minimum_should_match: 1 } };
    default:
      return scope satisfies never;
  }
}

function range(field: string, from: string | undefined, to: string | undefined): Clause[] {
  if (!from && !to) return [];
  return [{ range: { [field]: { ...(from && { gte: from }), ...(to && { lt: to }) } } }];
}

/** The image id decides between equals, so that a page ends and the next begins at one exact place. */
function sortBy(sort: SearchRequest["sort"]): Clause[] {
  const order = sort === "oldest" ? "asc" : "desc";
  const byTime = [{ uploadedAt: { order } }, { imageId: { order } }];
  return sort === "relevance" ? [{ _score: { order: "desc" } }, ...byTime] : byTime;
}

function aggregations(facets: SearchRequest["facets"]): Clause {
  return {
    ...(facets.includes("tags") && { tags: { terms: { field: "tags", size: FACET_TAGS } } }),
    ...(facets.includes("months") && {
      months: {
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
