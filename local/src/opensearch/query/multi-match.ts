import { notSupported, parsingError } from "../errors.ts";
import { isObject, type Json } from "../json.ts";
import type { Field } from "../mapping.ts";
import {
  type Clause,
  checkParameters,
  constant,
  NONE,
  or,
  type QueryContext,
  searchField,
} from "./clause.ts";
import { combine, type MatchOptions, type MatchType, matchField, matchOptions } from "./match.ts";

type Target = { field: Field; boost: number };

const TYPES: Record<string, { match: MatchType; score: "max" | "sum" }> = {
  best_fields: { match: "match", score: "max" },
  most_fields: { match: "match", score: "sum" },
  phrase: { match: "match_phrase", score: "max" },
  phrase_prefix: { match: "match_phrase_prefix", score: "max" },
  bool_prefix: { match: "match_bool_prefix", score: "sum" },
};
const PARAMETERS =
  "query fields type operator minimum_should_match tie_breaker zero_terms_query auto_generate_synonyms_phrase_query".split(
    " ",
  );
const ELSEWHERE =
  "analyzer fuzziness prefix_length max_expansions fuzzy_rewrite fuzzy_transpositions lenient slop cutoff_frequency".split(
    " ",
  );

function parseTarget(context: QueryContext, text: string): Target[] {
  const [path = "", boost = "1"] = text.split("^");
  if (path.includes("*")) throw notSupported("wildcards in the fields of a multi_match query");
  const field = searchField(context, path);
  return field ? [{ field, boost: Number(boost) }] : [];
}

function either(clauses: Clause[], score: "max" | "sum", tieBreaker: number): Clause {
  const parts = clauses.map((clause) => clause.score);
  return {
    where: or(clauses.map((clause) => clause.where)),
    score: score === "sum" ? { kind: "sum", parts } : { kind: "max", parts, tieBreaker },
  };
}

/** Term by term: each term may be in any of the fields, which are taken for one. */
function crossFields(
  context: QueryContext,
  targets: Target[],
  query: string,
  options: MatchOptions,
  tieBreaker: number,
): Clause {
  const [first] = targets;
  if (!first) return constant(NONE, 0);
  const analyzer = first.field.searchAnalyzer;
  if (targets.some(({ field }) => field.type !== "text" || field.searchAnalyzer !== analyzer)) {
    throw notSupported("cross_fields over fields of different analyzers");
  }
  const tokens = analyzer(query);
  if (tokens.length === 0) return constant(NONE, 0);
  const single: MatchOptions = { operator: "or", zeroTermsAll: false, boost: options.boost };
  const perToken = tokens.map((token) =>
    either(
      targets.map(({ field, boost }) =>
        matchField(context, "match_phrase", { ...field, searchAnalyzer: () => [token] }, token, {
          ...single,
          boost: boost * options.boost,
        }),
      ),
      "max",
      tieBreaker,
    ),
  );
  return combine(perToken, options);
}

/** `multi_match`: the same text in several fields, as `type` says. */
export function multiMatch(context: QueryContext, body: Json): Clause {
  if (!isObject(body))
    throw parsingError("[multi_match] query malformed, no start_object after query name");
  checkParameters("multi_match", body, PARAMETERS, ELSEWHERE);
  if (body.query === undefined || body.query === null) {
    throw parsingError("No text specified for multi_match query");
  }
  const names = typeof body.fields === "string" ? [body.fields] : body.fields;
  if (!Array.isArray(names)) throw notSupported("a multi_match query without fields");
  const targets = names.flatMap((name) => parseTarget(context, String(name)));
  const type = String(body.type ?? "best_fields");
  const tieBreaker = Number(body.tie_breaker ?? 0);
  const options = matchOptions(body);
  if (type === "cross_fields") {
    return crossFields(context, targets, String(body.query), options, tieBreaker);
  }
  const plan = TYPES[type];
  if (!plan) {
    throw parsingError(`failed to parse [multi_match] query type [${type}]. unknown type.`);
  }
  const { query } = body;
  const clauses = targets.map(({ field, boost }) =>
    matchField(context, plan.match, field, query, { ...options, boost: boost * options.boost }),
  );
  return either(clauses, plan.score, tieBreaker);
}
