import { notSupported, parsingError } from "../errors.ts";
import { isObject, type Json } from "../json.ts";
import {
  boostOf,
  type Clause,
  checkParameters,
  constant,
  fieldAndBody,
  NONE,
  type QueryContext,
  searchField,
} from "./clause.ts";
import { anyValue, valueFor } from "./values.ts";

const OPERATORS = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;
const LEGACY = ["from", "to", "include_lower", "include_upper", "relation", "time_zone", "format"];

/** `range`: documents with a value between bounds; a date may leave out its end ("2024-05"). Scores 1. */
export function range(context: QueryContext, body: Json): Clause {
  const [path, bounds] = fieldAndBody("range", body);
  if (!isObject(bounds))
    throw parsingError("[range] query malformed, no start_object after field name");
  checkParameters("range", bounds, Object.keys(OPERATORS), LEGACY);
  const field = searchField(context, path);
  if (!field) return constant(NONE, 0);
  if (field.type === "text") throw notSupported(`a range over the text field [${path}]`);
  const tests: string[] = [];
  const params = [];
  for (const [name, operator] of Object.entries(OPERATORS)) {
    const bound = bounds[name];
    if (bound === undefined || bound === null) continue;
    tests.push(`value ${operator} ?`);
    params.push(valueFor(context, field, bound, name === "gt" || name === "lte"));
  }
  const test = tests.length === 0 ? "value IS NOT NULL" : tests.join(" AND ");
  return constant(anyValue(context, field, test, params), boostOf(bounds));
}
