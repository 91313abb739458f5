import { parsingError, unknownKey } from "../errors.ts";
import { asArray, isObject, type Json } from "../json.ts";
import {
  ALL,
  and,
  atLeast,
  boostOf,
  type Clause,
  checkParameters,
  constant,
  minimumShouldMatch,
  NONE,
  not,
  type QueryContext,
  type Score,
  UNSCORED,
} from "./clause.ts";

const KEYS = [
  "must",
  "filter",
  "should",
  "must_not",
  "minimum_should_match",
  "adjust_pure_negative",
  "boost",
];

/** Multiplies what a score gives. */
function boosted(score: Score, boost: number): Score {
  if (boost === 1) return score;
  switch (score.kind) {
    case "constant":
      return { ...score, value: () => score.value() * boost };
    case "text":
      return { ...score, boost: score.boost * boost };
    default:
      return { ...score, parts: score.parts.map((part) => boosted(part, boost)) };
  }
}

/** `bool`: must and should score, filter and must_not only decide. */
export function bool(context: QueryContext, body: Json): Clause {
  if (!isObject(body))
    throw parsingError("[bool] query malformed, no start_object after query name");
  for (const key of Object.keys(body)) {
    if (key === "_name") checkParameters("bool", { [key]: "" }, []);
    if (!KEYS.includes(key)) throw unknownKey("bool", key);
  }
  const clauses = (key: string) => asArray(body[key]).map((query) => context.compile(query));
  const must = clauses("must");
  const filter = clauses("filter");
  const should = clauses("should");
  const mustNot = clauses("must_not");
  const boost = boostOf(body);
  if (must.length + filter.length + should.length + mustNot.length === 0) {
    return constant(ALL, boost);
  }
  const required =
    body.minimum_should_match === undefined || body.minimum_should_match === null
      ? must.length + filter.length === 0 && should.length > 0
        ? 1
        : 0
      : minimumShouldMatch(body.minimum_should_match, should.length);
  const scored = [...must, ...should].map((clause) => clause.score);
  const where = and([
    ...must.map((clause) => clause.where),
    ...filter.map((clause) => clause.where),
    ...mustNot.map((clause) => not(clause.where)),
    atLeast(
      required,
      should.map((clause) => clause.where),
    ),
  ]);
  return {
    where,
    score: scored.length === 0 ? UNSCORED : boosted({ kind: "sum", parts: scored }, boost),
  };
}

/** `constant_score`: the filter's documents, all with the score `boost`. */
export function constantScore(context: QueryContext, body: Json): Clause {
  if (!isObject(body) || body.filter === undefined) {
    throw parsingError("[constant_score] requires a 'filter' element");
  }
  checkParameters("constant_score", body, ["filter"]);
  return constant(context.compile(body.filter).where, boostOf(body));
}

export function matchAll(_context: QueryContext, body: Json): Clause {
  if (!isObject(body))
    throw parsingError("[match_all] query malformed, no start_object after query name");
  checkParameters("match_all", body, []);
  return constant(ALL, boostOf(body));
}

export function matchNone(_context: QueryContext, body: Json): Clause {
  if (!isObject(body))
    throw parsingError("[match_none] query malformed, no start_object after query name");
  checkParameters("match_none", body, []);
  return constant(NONE, 0);
}
