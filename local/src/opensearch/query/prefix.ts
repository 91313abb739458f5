import { notSupported } from "../errors.ts";
import { isObject, type Json } from "../json.ts";
import type { Field } from "../mapping.ts";
import {
  boostOf,
  type Clause,
  checkParameters,
  constant,
  fieldAndBody,
  NONE,
  type QueryContext,
  queryShardError,
  searchField,
} from "./clause.ts";
import { textPrefix } from "./text.ts";
import { anyValue } from "./values.ts";

// The last code point: every text that begins with a prefix sorts before the prefix followed by it.
const AFTER_ALL = "\u{10ffff}";

export function keywordPrefix(
  context: QueryContext,
  field: Field,
  text: string,
  boost: number,
): Clause {
  const start = field.normalizer(text);
  const test = "value >= ? AND value < ?";
  return constant(anyValue(context, field, test, [start, start + AFTER_ALL]), boost);
}

/** `prefix`: documents with a keyword, or a token, that begins with the value; scores 1. */
export function prefix(context: QueryContext, body: Json): Clause {
  const [path, given] = fieldAndBody("prefix", body);
  if (isObject(given)) checkParameters("prefix", given, ["value"], ["rewrite", "case_insensitive"]);
  const value = String(isObject(given) ? given.value : given);
  const boost = isObject(given) ? boostOf(given) : 1;
  const field = searchField(context, path);
  if (!field) return constant(NONE, 0);
  if (field.type === "text") {
    if (value === "") throw notSupported("an empty prefix on a text field");
    return textPrefix(field, [value], boost);
  }
  if (field.type === "keyword") return keywordPrefix(context, field, value, boost);
  const reason = `Can only use prefix queries on keyword, text and wildcard fields - not on [${path}] which is of type [${field.type}]`;
  throw queryShardError(context, reason);
}
