import { illegalArgument, notSupported, parsingError } from "../errors.ts";
import { isObject, type Json } from "../json.ts";
import {
  boostOf,
  type Clause,
  checkParameters,
  constant,
  fieldAndBody,
  NONE,
  or,
  type QueryContext,
  type Sql,
  searchField,
} from "./clause.ts";
import { textClause, textMatches } from "./text.ts";
import { anyValue, exactly, valueFor } from "./values.ts";

// Above this many values a JSON list is cheaper than as many SQL parameters.
const MAX_PARAMETERS = 200;

/** `term`: documents with exactly this value; on text, this one token. */
export function term(context: QueryContext, body: Json): Clause {
  const [path, given] = fieldAndBody("term", body);
  if (Array.isArray(given)) throw parsingError("[term] query does not support array of values");
  if (isObject(given)) checkParameters("term", given, ["value"], ["case_insensitive"]);
  const value = isObject(given) ? given.value : given;
  const boost = isObject(given) ? boostOf(given) : 1;
  if (value === undefined || value === null) throw illegalArgument("value cannot be null");
  const field = path === "_id" ? undefined : searchField(context, path);
  if (path === "_id") return constant(withIds([String(value)]), boost);
  if (!field) return constant(NONE, 0);
  if (field.type === "text") return textClause(context, field, [String(value)], boost);
  return exactly(context, field, valueFor(context, field, value), boost);
}

/** `terms`: documents with any of these values; scores 1. */
export function terms(context: QueryContext, body: Json): Clause {
  if (!isObject(body))
    throw parsingError("[terms] query malformed, no start_object after query name");
  const { boost: _, ...rest } = body;
  const [path, values] = fieldAndBody("terms", rest);
  if (isObject(values)) throw notSupported("a terms lookup");
  if (!Array.isArray(values)) throw parsingError(`[terms] query does not support [${path}]`);
  if (values.length > context.maxTerms) {
    throw illegalArgument(
      `The number of terms [${values.length}] used in the Terms Query request has exceeded the allowed maximum of [${context.maxTerms}]. This maximum can be set by changing the [index.max_terms_count] index level setting.`,
    );
  }
  const boost = boostOf(body);
  if (path === "_id") return constant(withIds(values.map(String)), boost);
  const field = searchField(context, path);
  if (!field || values.length === 0) return constant(NONE, boost);
  if (field.type === "text") {
    return constant(or(values.map((value) => textMatches(field, [String(value)]))), boost);
  }
  const wanted = values.map((value) => valueFor(context, field, value));
  if (wanted.length <= MAX_PARAMETERS) {
    const test = `value IN (${wanted.map(() => "?").join(",")})`;
    return constant(anyValue(context, field, test, wanted), boost);
  }
  // json_each has a column named value of its own.
  const test = "value IN (SELECT j.atom FROM json_each(?) j)";
  return constant(anyValue(context, field, test, [JSON.stringify(wanted)]), boost);
}

function withIds(ids: string[]): Sql {
  return {
    text: "d.doc IN (SELECT s.doc FROM src s WHERE s.id IN (SELECT j.value FROM json_each(?) j))",
    params: [JSON.stringify(ids)],
  };
}

/** `ids`: documents by their `_id`. */
export function ids(_context: QueryContext, body: Json): Clause {
  if (!isObject(body))
    throw parsingError("[ids] query malformed, no start_object after query name");
  checkParameters("ids", body, ["values"]);
  if (!Array.isArray(body.values))
    throw illegalArgument("[ids] requires providing at least one id");
  return constant(withIds(body.values.map(String)), boostOf(body));
}

/** `exists`: documents with any value in the field, or in any field below an object. */
export function exists(context: QueryContext, body: Json): Clause {
  if (!isObject(body))
    throw parsingError("[exists] query malformed, no start_object after query name");
  checkParameters("exists", body, ["field"]);
  if (typeof body.field !== "string")
    throw parsingError("[exists] must be provided with a [field]");
  const path = body.field;
  if (path.includes("*")) throw notSupported("wildcards in the field of an exists query");
  const { fields } = context.snapshot.schema;
  const one = searchField(context, path);
  const below = [...fields.values()].filter(
    (field) => field.path.startsWith(`${path}.`) && field.searchable,
  );
  const wanted = one ? [one] : below;
  const conditions = wanted.map((field): Sql => {
    const text =
      field.type === "text"
        ? `d.doc IN (SELECT id FROM t${field.slot}_docsize)`
        : `d.c${field.slot} IS NOT NULL`;
    return { text, params: [] };
  });
  return constant(or(conditions), boostOf(body));
}
