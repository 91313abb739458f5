import { parseDate } from "./dates.ts";
import { type ErrorDetail, illegalArgument, notSupported, OpenSearchError } from "./errors.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { Field, FieldType, ObjectNode, Schema } from "./mapping.ts";

/** A value as a column holds it: text for keywords, milliseconds for dates, 0 or 1 for booleans. */
export type Value = string | number;
/** The values of a document by the field's slot; for text fields the tokens of each value, with their gaps. */
export type FieldValues = { scalars: Map<Field, Value[]>; texts: Map<Field, string[]> };

const RANGES: Partial<Record<FieldType, [number, number, string]>> = {
  integer: [-(2 ** 31), 2 ** 31 - 1, "an integer"],
  short: [-(2 ** 15), 2 ** 15 - 1, "a short"],
  byte: [-128, 127, "a byte"],
};
// Lucene's limit on the bytes of one term.
const MAX_TERM_BYTES = 32_766;
// Stands between the values of a multi-valued text field, so that no phrase runs from one into the next.
const VALUE_GAP = "\u{f0000}";

class ValueError extends Error {
  readonly type: string;
  readonly cause2: ErrorDetail | undefined;
  constructor(reason: string, type = "illegal_argument_exception", cause2?: ErrorDetail) {
    super(reason);
    this.type = type;
    this.cause2 = cause2;
  }
}

/** The number in a JSON value given for a numeric field. @throws ValueError with Java's words when it is none. */
function parseNumber(type: FieldType, value: Json): number {
  const text = String(value).trim();
  const number = Number(text);
  if (typeof value === "boolean" || text === "" || !Number.isFinite(number)) {
    throw new ValueError(`For input string: "${String(value)}"`);
  }
  if (type === "double" || type === "float") return type === "float" ? Math.fround(number) : number;
  const whole = Math.trunc(number);
  const range = RANGES[type];
  if (range && (whole < range[0] || whole > range[1])) {
    throw new ValueError(`Value [${text}] is out of range for ${range[2]}`);
  }
  if (!Number.isSafeInteger(whole)) {
    throw new ValueError(`Value [${text}] is beyond 2^53, which the local stand-in cannot hold`);
  }
  return whole;
}

function parseBoolean(value: Json): number {
  if (value === true || value === "true") return 1;
  if (value === false || value === "false" || value === "") return 0;
  throw new ValueError(
    `Failed to parse value [${String(value)}] as only [true] or [false] are allowed.`,
  );
}

function parseDateValue(value: Json): number {
  const date = typeof value === "boolean" ? undefined : parseDate(String(value));
  if (date !== undefined) return date;
  throw new ValueError(
    `failed to parse date field [${String(value)}] with format [strict_date_optional_time||epoch_millis]`,
    "illegal_argument_exception",
    { type: "date_time_parse_exception", reason: "Failed to parse with all enclosed parsers" },
  );
}

/**
 * A value of a query in the form in which the field's column holds it.
 * @throws ValueError with the reason when it does not fit the field's type.
 */
export function queryValue(field: Field, value: Json, roundUp = false): Value {
  switch (field.type) {
    case "keyword":
      return field.normalizer(String(value));
    case "text":
      return String(value);
    case "boolean":
      return parseBoolean(value);
    case "date": {
      if (typeof value === "string" && (value.startsWith("now") || value.includes("||"))) {
        throw illegalArgument(`The local OpenSearch stand-in has no date math, as in [${value}].`);
      }
      const date = parseDate(String(value), roundUp);
      if (date === undefined) return parseDateValue(value);
      return date;
    }
    default:
      return Number(value) === Math.trunc(Number(value))
        ? parseNumber("long", value)
        : parseNumber("double", value);
  }
}

function preview(value: Json): string {
  if (!isObject(value)) return String(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${key}=${isObject(inner) ? preview(inner) : String(inner)}`)
    .join(", ")}}`;
}

function fieldError(field: Field, id: string, value: Json, cause: ValueError): OpenSearchError {
  const caused: ErrorDetail = { type: cause.type, reason: cause.message };
  if (cause.cause2) caused.caused_by = cause.cause2;
  return new OpenSearchError(400, {
    type: "mapper_parsing_exception",
    reason: `failed to parse field [${field.path}] of type [${field.type}] in document with id '${id}'. Preview of field's value: '${preview(value)}'`,
    caused_by: caused,
  });
}

function addKeyword(field: Field, text: string, into: FieldValues): void {
  if (!field.searchable || text.length > field.ignoreAbove) return;
  const value = field.normalizer(text);
  const bytes = value.length * 3 > MAX_TERM_BYTES ? Buffer.byteLength(value) : 0;
  if (bytes > MAX_TERM_BYTES) {
    const prefix = [...Buffer.from(value).subarray(0, 30)].join(", ");
    const original = `bytes can be at most ${MAX_TERM_BYTES} in length; got ${bytes}`;
    throw illegalArgument(
      `Document contains at least one immense term in field="${field.path}" (whose UTF8 encoding is longer than the max length ${MAX_TERM_BYTES}), all of which were skipped.  Please correct the analyzer to not produce such terms.  The prefix of the first immense term is: '[${prefix}]...', original message: ${original}`,
      { type: "max_bytes_length_exceeded_exception", reason: original },
    );
  }
  addScalar(field, value, into);
}

function addScalar(field: Field, value: Value, into: FieldValues): void {
  if (!field.searchable) return;
  const values = into.scalars.get(field);
  if (values) values.push(value);
  else into.scalars.set(field, [value]);
}

function addText(field: Field, text: string, into: FieldValues): void {
  if (!field.searchable) return;
  const tokens = field.analyzer(text);
  const before = into.texts.get(field);
  if (!before) into.texts.set(field, tokens);
  else if (tokens.length > 0) into.texts.set(field, [...before, VALUE_GAP, ...tokens]);
}

function addValue(field: Field, id: string, value: Json, into: FieldValues): void {
  try {
    if (isObject(value))
      throw new ValueError("Can't get text on a START_OBJECT", "illegal_state_exception");
    if (field.type === "keyword") addKeyword(field, String(value), into);
    else if (field.type === "text") addText(field, String(value), into);
    else if (field.type === "boolean") addScalar(field, parseBoolean(value), into);
    else if (field.type === "date") addScalar(field, parseDateValue(value), into);
    else addScalar(field, parseNumber(field.type, value), into);
  } catch (error) {
    if (error instanceof ValueError) throw fieldError(field, id, value, error);
    throw error;
  }
}

function addLeaf(fields: Field[], id: string, value: Json, into: FieldValues): void {
  if (value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) addLeaf(fields, id, item, into);
  } else {
    for (const field of fields) addValue(field, id, value, into);
  }
}

function unmapped(node: ObjectNode, key: string): void {
  if (node.dynamic === "false") return;
  if (node.dynamic === "true") {
    throw notSupported(`dynamic mapping: map [${key}] or set "dynamic" to "strict" or false`);
  }
  throw new OpenSearchError(400, {
    type: "strict_dynamic_mapping_exception",
    reason: `mapping set to strict, dynamic introduction of [${key}] within [${node.path || "_doc"}] is not allowed`,
  });
}

function addObject(node: ObjectNode, id: string, object: JsonObject, into: FieldValues): void {
  for (const [key, value] of Object.entries(object)) {
    const dot = key.indexOf(".");
    const name = dot > 0 ? key.slice(0, dot) : key;
    const child = node.children.get(name);
    if (!child) unmapped(node, name);
    else if (dot > 0) {
      if (child.kind === "leaf") unmapped({ ...node, path: node.path || "_doc" }, key);
      else addNode(child, id, { [key.slice(dot + 1)]: value }, into);
    } else if (child.kind === "leaf") addLeaf(child.fields, id, value, into);
    else addNode(child, id, value, into);
  }
}

function addNode(node: ObjectNode, id: string, value: Json, into: FieldValues): void {
  if (!node.enabled || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) addNode(node, id, item, into);
  } else if (isObject(value)) {
    addObject(node, id, value, into);
  } else {
    const name = node.path.slice(node.path.lastIndexOf(".") + 1);
    throw new OpenSearchError(400, {
      type: "mapper_parsing_exception",
      reason: `object mapping for [${node.path}] tried to parse field [${name}] as object, but found a concrete value`,
    });
  }
}

/** Takes the values of all mapped fields out of a document; refuses what the mapping does not allow. */
export function extractValues(schema: Schema, id: string, source: JsonObject): FieldValues {
  const into: FieldValues = { scalars: new Map(), texts: new Map() };
  addNode(schema.root, id, source, into);
  return into;
}

/** Sorts values as Lucene does: numbers by size, keywords by their UTF-8 bytes. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const left = String(a);
  const right = String(b);
  if (left === right) return 0;
  // Below the surrogates the order of code units is that of UTF-8 bytes.
  if (!/[\ud800-\uffff]/.test(left + right)) return left < right ? -1 : 1;
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
