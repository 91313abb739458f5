import { notSupported, parsingError } from "../errors.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Field } from "../mapping.ts";
import {
  ALL,
  and,
  atLeast,
  boostOf,
  type Clause,
  checkParameters,
  constant,
  fieldAndBody,
  minimumShouldMatch,
  NONE,
  type QueryContext,
  queryShardError,
  searchField,
} from "./clause.ts";
import { type Fuzziness, fuzzyClause, parseFuzziness } from "./fuzzy.ts";
import { keywordPrefix } from "./prefix.ts";
import { textClause, textMatchesEach, textPrefix } from "./text.ts";
import { exactly, valueFor } from "./values.ts";

export type Operator = "and" | "or";
export type MatchOptions = {
  operator: Operator;
  minimumShouldMatch?: Json;
  zeroTermsAll: boolean;
  boost: number;
  fuzziness?: Fuzziness;
};
export type MatchType = "match" | "match_phrase" | "match_phrase_prefix" | "match_bool_prefix";

const ELSEWHERE = [
  "analyzer",
  "fuzziness",
  "prefix_length",
  "max_expansions",
  "fuzzy_transpositions",
  "fuzzy_rewrite",
  "lenient",
  "slop",
  "cutoff_frequency",
];
const FUZZY = ["fuzziness", "prefix_length", "max_expansions", "fuzzy_transpositions"];
const PARAMETERS: Record<MatchType, readonly string[]> = {
  match: [
    "query",
    "operator",
    "minimum_should_match",
    "zero_terms_query",
    "auto_generate_synonyms_phrase_query",
    ...FUZZY,
  ],
  match_phrase: ["query", "zero_terms_query"],
  match_phrase_prefix: ["query", "zero_terms_query"],
  match_bool_prefix: ["query", "operator", "minimum_should_match", ...FUZZY],
};

function parseOperator(value: Json | undefined): Operator {
  const operator = String(value ?? "or").toLowerCase();
  if (operator === "and" || operator === "or") return operator;
  throw parsingError(`operator needs to be either 'OR' or 'AND', but found [${String(value)}]`);
}

export function matchOptions(body: JsonObject): MatchOptions {
  const zero = body.zero_terms_query ?? "none";
  if (zero !== "none" && zero !== "all")
    throw parsingError(`Unsupported zero_terms_query value [${String(zero)}]`);
  const fuzziness = parseFuzziness(body);
  return {
    operator: parseOperator(body.operator),
    zeroTermsAll: zero === "all",
    boost: boostOf(body),
    ...(fuzziness && { fuzziness }),
    ...(body.minimum_should_match !== undefined && {
      minimumShouldMatch: body.minimum_should_match,
    }),
  };
}

/** Joins the clauses of single terms as `operator` and `minimum_should_match` say. */
export function combine(clauses: Clause[], options: MatchOptions): Clause {
  const conditions = clauses.map((clause) => clause.where);
  const score = { kind: "sum" as const, parts: clauses.map((clause) => clause.score) };
  if (options.operator === "and") return { where: and(conditions), score };
  const required =
    options.minimumShouldMatch === undefined
      ? 1
      : Math.max(1, minimumShouldMatch(options.minimumShouldMatch, clauses.length));
  return { where: atLeast(required, conditions), score };
}

function tokenClause(
  context: QueryContext,
  field: Field,
  token: string,
  { boost, fuzziness }: MatchOptions,
): Clause {
  if (fuzziness) return fuzzyClause(context.snapshot, field, token, fuzziness);
  return textClause(context, field, [token], boost);
}

function matchText(
  context: QueryContext,
  field: Field,
  tokens: string[],
  options: MatchOptions,
): Clause {
  const combined = combine(
    tokens.map((token) => tokenClause(context, field, token, options)),
    options,
  );
  if (options.fuzziness || options.minimumShouldMatch !== undefined) return combined;
  // One full-text expression is faster than a condition a term.
  const operator = options.operator === "and" ? "AND" : "OR";
  return { where: textMatchesEach(field, tokens, operator), score: combined.score };
}

/** One field of a match query of any type; the text is analyzed as the field's queries are. */
export function matchField(
  context: QueryContext,
  type: MatchType,
  field: Field,
  query: Json,
  options: MatchOptions,
): Clause {
  const { boost } = options;
  if (field.type !== "text") {
    if (options.fuzziness) throw notSupported(`fuzziness on [${field.path}], which is no text`);
    if (type === "match_bool_prefix" && field.type === "keyword") {
      return keywordPrefix(context, field, String(query), boost);
    }
    if (type === "match_phrase_prefix" || type === "match_bool_prefix") {
      const reason = `Can only use ${type === "match_bool_prefix" ? "prefix" : "phrase prefix"} queries on text fields - not on [${field.path}] which is of type [${field.type}]`;
      throw queryShardError(context, reason);
    }
    return exactly(context, field, valueFor(context, field, query), boost);
  }
  const tokens = field.searchAnalyzer(String(query));
  if (tokens.length === 0) return constant(options.zeroTermsAll ? ALL : NONE, boost);
  if (type === "match_phrase") return textClause(context, field, tokens, boost);
  if (type === "match_phrase_prefix") return textPrefix(field, tokens, boost);
  if (type === "match") return matchText(context, field, tokens, options);
  const last = textPrefix(field, tokens.slice(-1), boost);
  const others = tokens.slice(0, -1).map((token) => tokenClause(context, field, token, options));
  return combine([...others, last], options);
}

function fullText(type: MatchType) {
  return (context: QueryContext, body: Json): Clause => {
    const [path, given] = fieldAndBody(type, body);
    const parameters: JsonObject = isObject(given) ? given : { query: given };
    if (parameters.slop === 0) delete parameters.slop;
    checkParameters(type, parameters, PARAMETERS[type], ELSEWHERE);
    if (Array.isArray(given))
      throw parsingError(`[${type}] unknown token [START_ARRAY] after [${path}]`);
    if (parameters.query === undefined || parameters.query === null) {
      throw parsingError("No text specified for text query");
    }
    if (path.includes("*")) throw notSupported(`wildcards in the field of a ${type} query`);
    const field = searchField(context, path);
    if (!field) return constant(NONE, 0);
    return matchField(context, type, field, parameters.query, matchOptions(parameters));
  };
}

export const match = fullText("match");
export const matchPhrase = fullText("match_phrase");
export const matchPhrasePrefix = fullText("match_phrase_prefix");
export const matchBoolPrefix = fullText("match_bool_prefix");
