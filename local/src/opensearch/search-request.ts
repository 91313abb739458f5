import type { AggregationNode } from "./aggregations/node.ts";
import { parseAggregations } from "./aggregations.ts";
import { illegalArgument, notSupported, parsingError } from "./errors.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { parseSort, type SortKey } from "./sort.ts";
import { parseSourceFilter, type SourceFilter } from "./source-filter.ts";

export type SearchRequest = {
  query: Json;
  postFilter: Json | undefined;
  from: number;
  size: number;
  sort: SortKey[];
  searchAfter: Json[] | undefined;
  source: SourceFilter;
  /** Up to how many hits are counted. */
  trackTotalHits: number;
  trackScores: boolean;
  showVersion: boolean;
  showSeqNo: boolean;
  aggregations: AggregationNode[];
  pit: { id: string; keepAlive: string | undefined } | undefined;
};

const DEFAULT_TRACK_TOTAL_HITS = 10_000;
const KEYS = new Set(
  "query post_filter from size sort search_after _source track_total_hits track_scores version seq_no_primary_term aggs aggregations pit timeout".split(
    " ",
  ),
);
const ELSEWHERE = new Set(
  "collapse derived docvalue_fields explain ext fields highlight indices_boost min_score profile rescore runtime_mappings script_fields search_pipeline slice stats stored_fields suggest terminate_after verbose_pipeline".split(
    " ",
  ),
);

function nonNegative(value: Json | undefined, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!Number.isInteger(number))
    throw parsingError(`[${name}] must be an integer, found [${String(value)}]`);
  if (number < 0)
    throw illegalArgument(`[${name}] parameter cannot be negative, found [${number}]`);
  return number;
}

function parseTotal(value: Json | undefined): number {
  if (value === undefined) return DEFAULT_TRACK_TOTAL_HITS;
  if (value === true || value === "true") return Number.MAX_SAFE_INTEGER;
  if (value === false || value === "false") return -1;
  return nonNegative(value, "track_total_hits", DEFAULT_TRACK_TOTAL_HITS);
}

function parsePit(value: Json | undefined): SearchRequest["pit"] {
  if (value === undefined) return undefined;
  if (!isObject(value) || typeof value.id !== "string") {
    throw illegalArgument("point int time id is not provided");
  }
  const keepAlive = value.keep_alive === undefined ? undefined : String(value.keep_alive);
  return { id: value.id, keepAlive };
}

/** Reads the body of a search, refusing what the stand-in does not know. */
export function parseSearch(body: JsonObject): SearchRequest {
  for (const [key, value] of Object.entries(body)) {
    if (KEYS.has(key)) continue;
    if (ELSEWHERE.has(key)) throw notSupported(`[${key}] in a search`);
    const kind = isObject(value)
      ? "START_OBJECT"
      : Array.isArray(value)
        ? "START_ARRAY"
        : `VALUE_${typeof value}`.toUpperCase();
    throw parsingError(`Unknown key for a ${kind} in [${key}].`);
  }
  const after = body.search_after;
  if (after !== undefined && !Array.isArray(after)) {
    throw parsingError("Expected [START_ARRAY] in [search_after]");
  }
  return {
    query: body.query ?? { match_all: {} },
    postFilter: body.post_filter,
    from: nonNegative(body.from, "from", 0),
    size: nonNegative(body.size, "size", 10),
    sort: parseSort(body.sort),
    searchAfter: after,
    source: parseSourceFilter(body._source),
    trackTotalHits: parseTotal(body.track_total_hits),
    trackScores: body.track_scores === true,
    showVersion: body.version === true,
    showSeqNo: body.seq_no_primary_term === true,
    aggregations: parseAggregations(body.aggs ?? body.aggregations),
    pit: parsePit(body.pit),
  };
}
