import { dateHistogram } from "./aggregations/date-histogram.ts";
import { filter, filters } from "./aggregations/filters.ts";
import { metric } from "./aggregations/metrics.ts";
import type { Aggregate, AggregationNode, Target } from "./aggregations/node.ts";
import { terms } from "./aggregations/terms.ts";
import { illegalArgument, notSupported, OpenSearchError, parsingError } from "./errors.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

const AGGREGATIONS: Record<string, Aggregate> = {
  avg: metric,
  cardinality: metric,
  date_histogram: dateHistogram,
  filter,
  filters,
  max: metric,
  min: metric,
  sum: metric,
  terms,
  value_count: metric,
};
const ELSEWHERE = new Set(
  "adjacency_matrix auto_date_histogram avg_bucket bucket_script bucket_selector bucket_sort children composite cumulative_sum date_range derivative diversified_sampler extended_stats extended_stats_bucket geo_bounds geo_centroid geo_distance geohash_grid geotile_grid global histogram ip_range matrix_stats max_bucket median_absolute_deviation min_bucket missing moving_avg moving_fn multi_terms nested parent percentile_ranks percentiles percentiles_bucket range rare_terms reverse_nested sampler scripted_metric serial_diff significant_terms significant_text stats stats_bucket sum_bucket top_hits top_metrics variable_width_histogram weighted_avg".split(
    " ",
  ),
);
const SUB = ["aggs", "aggregations", "meta"];

function unknownType(type: string): OpenSearchError {
  if (ELSEWHERE.has(type)) return notSupported(`the aggregation type [${type}]`);
  const detail = { type: "parsing_exception", reason: `Unknown aggregation type [${type}]` };
  const caused_by = {
    type: "named_object_not_found_exception",
    reason: `unknown field [${type}]`,
  };
  return new OpenSearchError(400, { ...detail, caused_by }, detail);
}

function parseNode(name: string, given: Json): AggregationNode {
  if (!isObject(given))
    throw parsingError(`Aggregation definition for [${name}] must be an object`);
  if (/[[\]>]/.test(name)) {
    throw parsingError(
      `Invalid aggregation name [${name}]. Aggregation names can contain any character except '[', ']', and '>'`,
    );
  }
  const types = Object.keys(given).filter((key) => !SUB.includes(key));
  const [type, second] = types;
  if (type === undefined) throw parsingError(`Missing definition for aggregation [${name}]`);
  if (second !== undefined) {
    throw parsingError(
      `Found two aggregation type definitions in [${name}]: [${type}] and [${second}]`,
    );
  }
  if (given.meta !== undefined) throw notSupported(`[meta] of the aggregation [${name}]`);
  if (!Object.hasOwn(AGGREGATIONS, type)) throw unknownType(type);
  const body = given[type];
  if (!isObject(body))
    throw parsingError(`[${type}] of the aggregation [${name}] must be an object`);
  const children = parseAggregations(given.aggs ?? given.aggregations);
  if (children.length > 0 && AGGREGATIONS[type] === metric) {
    throw illegalArgument(`Aggregator [${name}] of type [${type}] cannot accept sub-aggregations`);
  }
  return { name, type, body, children };
}

/** Parses `aggs`, refusing what the stand-in does not compute. */
export function parseAggregations(given: Json | undefined): AggregationNode[] {
  if (given === undefined) return [];
  if (!isObject(given)) throw parsingError("Expected [START_OBJECT] under [aggs]");
  return Object.entries(given).map(([name, definition]) => parseNode(name, definition));
}

export function runAggregations(nodes: AggregationNode[], targets: Target[]): JsonObject {
  const results: JsonObject = {};
  for (const node of nodes) {
    const aggregate = AGGREGATIONS[node.type];
    if (!aggregate) throw unknownType(node.type);
    results[node.name] = aggregate(node, targets, (part) => runAggregations(node.children, part));
  }
  return results;
}
