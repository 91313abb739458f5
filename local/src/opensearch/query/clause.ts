import type { SQLInputValue } from "node:sqlite";
import {
  type ErrorDetail,
  notSupported,
  OpenSearchError,
  parsingError,
  shardFailure,
} from "../errors.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Field } from "../mapping.ts";
import type { Snapshot } from "../snapshot.ts";

/** A condition on `d`, the row of a document in `docs`. */
export type Sql = { text: string; params: SQLInputValue[] };
export const ALL: Sql = { text: "1", params: [] };
export const NONE: Sql = { text: "0", params: [] };
/** The documents that a search has put into its connection's temporary table. */
export const HITS: Sql = { text: "d.doc IN temp.hits", params: [] };

/**
 * How a clause scores the documents it matches; a document that a part does not match gets nothing from it.
 * - `constant`: the same for each; - `text`: BM25 of one term or phrase of a full-text table.
 */
export type Score =
  | { kind: "constant"; where: Sql; value: () => number }
  | { kind: "text"; slot: number; match: string; idf: () => number; boost: number }
  | { kind: "sum"; parts: Score[] }
  | { kind: "max"; parts: Score[]; tieBreaker: number };
export const UNSCORED: Score = { kind: "sum", parts: [] };

export type Clause = { where: Sql; score: Score };
export type QueryContext = {
  indexName: string;
  indexUuid: string;
  snapshot: Snapshot;
  maxTerms: number;
  compile(query: Json): Clause;
};

export function constant(where: Sql, value: number): Clause {
  return { where, score: { kind: "constant", where, value: () => value } };
}

export function and(parts: Sql[]): Sql {
  if (parts.some((part) => part.text === "0")) return NONE;
  return join(
    parts.filter((part) => part.text !== "1"),
    " AND ",
    ALL,
  );
}

export function or(parts: Sql[]): Sql {
  if (parts.some((part) => part.text === "1")) return ALL;
  return join(
    parts.filter((part) => part.text !== "0"),
    " OR ",
    NONE,
  );
}

export function not(part: Sql): Sql {
  if (part.text === "0") return ALL;
  if (part.text === "1") return NONE;
  // A comparison with a missing value is NULL in SQL; OpenSearch says it does not match.
  return { text: `NOT coalesce(${part.text}, 0)`, params: part.params };
}

/** At least `count` of the parts. */
export function atLeast(count: number, parts: Sql[]): Sql {
  if (count <= 0) return ALL;
  if (count > parts.length) return NONE;
  if (count === 1) return or(parts);
  if (count === parts.length) return and(parts);
  const terms = parts.map((part) => `coalesce(${part.text}, 0)`);
  return {
    text: `(${terms.join(" + ")}) >= ${count}`,
    params: parts.flatMap((part) => part.params),
  };
}

function join(parts: Sql[], operator: string, empty: Sql): Sql {
  const [first] = parts;
  if (!first) return empty;
  if (parts.length === 1) return first;
  return {
    text: `(${parts.map((part) => part.text).join(operator)})`,
    params: parts.flatMap((part) => part.params),
  };
}

/** `minimum_should_match` as a number of clauses: `2`, `-1`, `75%`, `-25%`. */
export function minimumShouldMatch(value: Json, clauses: number): number {
  const text = String(value).trim();
  const [, sign, amount, percent] = /^(-?)(\d+)(%?)$/.exec(text) ?? [];
  if (amount === undefined) throw notSupported(`minimum_should_match [${text}]`);
  const share = percent ? Math.trunc((clauses * Number(amount)) / 100) : Number(amount);
  return Math.max(0, sign === "-" ? clauses - share : share);
}

/** The field of a query that is written `{ "<field>": <parameters> }`. */
export function fieldAndBody(query: string, body: Json): [path: string, parameters: Json] {
  if (!isObject(body))
    throw parsingError(`[${query}] query malformed, no start_object after query name`);
  const [entry, second] = Object.entries(body);
  if (!entry)
    throw new OpenSearchError(400, {
      type: "illegal_argument_exception",
      reason: `No field name specified for [${query}] query`,
    });
  if (second) {
    throw parsingError(
      `[${query}] query doesn't support multiple fields, found [${entry[0]}] and [${second[0]}]`,
    );
  }
  return entry;
}

/**
 * Refuses parameters that a query does not take: known ones of OpenSearch with 501, others with its 400.
 * @param elsewhere parameters that OpenSearch knows and the stand-in does not
 */
export function checkParameters(
  query: string,
  body: JsonObject,
  allowed: readonly string[],
  elsewhere: readonly string[] = [],
): void {
  for (const key of Object.keys(body)) {
    if (allowed.includes(key) || key === "boost") continue;
    if (key === "_name" || elsewhere.includes(key))
      throw notSupported(`[${key}] of the ${query} query`);
    throw parsingError(`[${query}] query does not support [${key}]`);
  }
}

export function boostOf(body: JsonObject): number {
  const boost = Number(body.boost ?? 1);
  if (boost >= 0) return boost;
  throw new OpenSearchError(400, {
    type: "illegal_argument_exception",
    reason: `negative [boost] are not allowed in [${String(body.boost)}], use a value between 0 and 1 to deboost`,
  });
}

/** A failure that OpenSearch finds only on the shard, when it knows the mapping. */
export function queryShardError(
  context: QueryContext,
  reason: string,
  cause?: ErrorDetail,
): OpenSearchError {
  const detail: ErrorDetail = {
    type: "query_shard_exception",
    reason,
    index: context.indexName,
    index_uuid: context.indexUuid,
  };
  return shardFailure(context.indexName, cause ? { ...detail, caused_by: cause } : detail);
}

/** The field of a query, undefined when the mapping has none. @throws when the field cannot be searched. */
export function searchField(context: QueryContext, path: string): Field | undefined {
  const field = context.snapshot.schema.fields.get(path);
  if (!field || field.searchable) return field;
  const reason = `Cannot search on field [${path}] since it is both not indexed, and does not have doc_values enabled.`;
  throw queryShardError(context, `failed to create query: ${reason}`, {
    type: "illegal_argument_exception",
    reason,
  });
}
