import { illegalArgument, notSupported, OpenSearchError, parsingError } from "../errors.ts";
import { isObject, type Json } from "../json.ts";
import type { Snapshot } from "../snapshot.ts";
import { bool, constantScore, matchAll, matchNone } from "./bool.ts";
import type { Clause, QueryContext } from "./clause.ts";
import { match, matchBoolPrefix, matchPhrase, matchPhrasePrefix } from "./match.ts";
import { multiMatch } from "./multi-match.ts";
import { prefix } from "./prefix.ts";
import { range } from "./range.ts";
import { exists, ids, term, terms } from "./term.ts";

// OpenSearch's limits: index.max_terms_count and the nesting of bool queries.
const MAX_TERMS = 65_536;
const MAX_DEPTH = 20;

const QUERIES: Record<string, (context: QueryContext, body: Json) => Clause> = {
  bool,
  constant_score: constantScore,
  exists,
  ids,
  match,
  match_all: matchAll,
  match_bool_prefix: matchBoolPrefix,
  match_none: matchNone,
  match_phrase: matchPhrase,
  match_phrase_prefix: matchPhrasePrefix,
  multi_match: multiMatch,
  prefix,
  range,
  term,
  terms,
};
const ELSEWHERE = new Set(
  "boosting combined_fields common dis_max distance_feature function_score fuzzy geo_bounding_box geo_distance geo_polygon geo_shape has_child has_parent hybrid intervals knn more_like_this nested neural parent_id percolate pinned query_string rank_feature regexp rule script script_score semantic shape simple_query_string span_containing span_first span_multi span_near span_not span_or span_term span_within template terms_set type wildcard wrapper".split(
    " ",
  ),
);

/** Compiles a query of the query DSL for one index. @throws OpenSearchError as OpenSearch would, or 501. */
export function compileQuery(
  query: Json,
  index: { name: string; uuid: string },
  snapshot: Snapshot,
): Clause {
  let depth = 0;
  const context: QueryContext = {
    indexName: index.name,
    indexUuid: index.uuid,
    snapshot,
    maxTerms: MAX_TERMS,
    compile(inner) {
      if (!isObject(inner))
        throw parsingError("[_na] query malformed, must start with start_object");
      const [entry, second] = Object.entries(inner);
      if (!entry) throw illegalArgument("query malformed, empty clause found");
      const [name, body] = entry;
      const compile = Object.hasOwn(QUERIES, name) ? QUERIES[name] : undefined;
      if (!compile) {
        if (ELSEWHERE.has(name)) throw notSupported(`the query type [${name}]`);
        throw unknownQuery(name);
      }
      if (second) {
        throw parsingError(
          `[${name}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]`,
        );
      }
      depth += 1;
      if (depth > MAX_DEPTH) {
        throw illegalArgument(
          `The nested depth of the query exceeds the maximum nested depth for queries set in [indices.query.bool.max_nested_depth]`,
        );
      }
      const clause = compile(context, body);
      depth -= 1;
      return clause;
    },
  };
  return context.compile(query);
}

function unknownQuery(name: string): OpenSearchError {
  const detail = { type: "parsing_exception", reason: `unknown query [${name}]` };
  return new OpenSearchError(
    400,
    {
      ...detail,
      caused_by: { type: "named_object_not_found_exception", reason: `unknown field [${name}]` },
    },
    detail,
  );
}
