import type { SQLInputValue } from "node:sqlite";
import { parseDate } from "./dates.ts";
import {
  illegalArgument,
  notSupported,
  OpenSearchError,
  parsingError,
  shardFailure,
} from "./errors.ts";
import { fieldWithValues } from "./field-data.ts";
import { asArray, isObject, type Json } from "./json.ts";
import type { Field, FieldType } from "./mapping.ts";
import type { Sql } from "./query/clause.ts";
import { figure, type Snapshot, valuesTable } from "./snapshot.ts";
import { compareValues, queryValue, type Value } from "./values.ts";

export type SortKey = {
  path: string;
  descending: boolean;
  missing: Json;
  unmappedType: string | undefined;
};
/** A value of a sort key; null where the document has none. */
export type SortValue = Value | null;

/** A sort key for one index: the SQL of its value, and where documents without one go. */
export type ResolvedKey = {
  kind: "score" | "doc" | "field";
  type: FieldType;
  descending: boolean;
  missingLast: boolean;
  expression: string;
  params: SQLInputValue[];
  mayBeMissing: boolean;
  /** The database's index in whose order the values are, where there is one. */
  index?: string;
};

const LONG_MAX = "9223372036854775807";
const LONG_MIN = "-9223372036854775808";
const BEYOND_LONG = 9.2e18;
const ELSEWHERE = ["mode", "nested", "numeric_type", "format", "nested_path", "nested_filter"];

function parseOrder(value: Json | undefined, path: string): boolean {
  const order = String(value ?? (path === "_score" ? "desc" : "asc")).toLowerCase();
  if (order === "asc" || order === "desc") return order === "desc";
  throw illegalArgument(`Unknown SortOrder [${String(value)}]`);
}

function parseKey(path: string, given: Json | undefined): SortKey {
  if (path === "_geo_distance" || path === "_script" || path === "_id") {
    throw notSupported(`sorting by [${path}]`);
  }
  const options = isObject(given) ? given : { order: given ?? null };
  for (const key of Object.keys(options)) {
    if (["order", "missing", "unmapped_type"].includes(key)) continue;
    if (ELSEWHERE.includes(key)) throw notSupported(`[${key}] of a sort`);
    throw new OpenSearchError(400, {
      type: "x_content_parse_exception",
      reason: `[field_sort] unknown field [${key}]`,
    });
  }
  return {
    path,
    descending: parseOrder(options.order ?? undefined, path),
    missing: options.missing ?? "_last",
    unmappedType: options.unmapped_type === undefined ? undefined : String(options.unmapped_type),
  };
}

/** Parses `sort`; a sort by nothing but the score is no sort, as in OpenSearch. */
export function parseSort(sort: Json | undefined): SortKey[] {
  const keys = asArray(sort).flatMap((item): SortKey[] => {
    if (typeof item === "string") return [parseKey(item, undefined)];
    if (!isObject(item))
      throw parsingError(
        "malformed sort format, within the sort array, an object, or an actual string are allowed",
      );
    return Object.entries(item).map(([path, given]) => parseKey(path, given));
  });
  const [first] = keys;
  return keys.length === 1 && first?.path === "_score" && first.descending ? [] : keys;
}

function fieldExpression(snapshot: Snapshot, field: Field, descending: boolean): string {
  // The column holds the smallest value, which an ascending sort takes; a descending one takes the largest.
  if (!descending || !snapshot.multiValued.has(field.slot)) return `d.c${field.slot}`;
  return `(SELECT max(v.value) FROM ${valuesTable(field)} v WHERE v.doc = d.doc)`;
}

/** By the score; whoever searches puts its expression in. */
export const SCORE: ResolvedKey = {
  kind: "score",
  type: "double",
  descending: true,
  missingLast: true,
  expression: "0",
  params: [],
  mayBeMissing: false,
};

export function resolveKey(
  key: SortKey,
  snapshot: Snapshot,
  index: { name: string; uuid: string },
): ResolvedKey {
  const base = { descending: key.descending, missingLast: true, params: [], mayBeMissing: false };
  if (key.path === "_score") return { ...SCORE, descending: key.descending };
  if (key.path === "_doc") return { ...base, kind: "doc", type: "long", expression: "d.doc" };
  const field = fieldWithValues(snapshot, index.name, key.path);
  if (!field && key.unmappedType === undefined) {
    throw shardFailure(index.name, {
      type: "query_shard_exception",
      reason: `No mapping found for [${key.path}] in order to sort on`,
      index: index.name,
      index_uuid: index.uuid,
    });
  }
  const type = field?.type ?? (key.unmappedType as FieldType);
  const expression = field ? fieldExpression(snapshot, field, key.descending) : "NULL";
  const resolved = { ...base, kind: "field" as const, type, expression };
  // By convention of the store; the values of a multi-valued field are in another table.
  const ordered = field?.indexed && type !== "boolean" && expression === `d.c${field.slot}`;
  if (key.missing === "_last" || key.missing === "_first") {
    const mayBeMissing =
      !field ||
      figure(
        snapshot,
        `missing c${field.slot}`,
        `SELECT EXISTS(SELECT 1 FROM docs WHERE c${field.slot} IS NULL)`,
      ) === 1;
    const missingLast = key.missing === "_last";
    return { ...resolved, missingLast, mayBeMissing, ...(ordered && { index: `i${field.slot}` }) };
  }
  const substitute = field ? queryValue(field, key.missing) : String(key.missing);
  return { ...resolved, expression: `coalesce(${expression}, ?)`, params: [substitute] };
}

/** ORDER BY of the keys, which are the columns `k0`, `k1`…, with the order of indexing last, as Lucene breaks ties. */
export function orderBy(keys: ResolvedKey[]): string {
  const terms = keys.map((key, i) => {
    const order = `k${i} ${key.descending ? "DESC" : "ASC"}`;
    if (!key.mayBeMissing) return order;
    return `${order} NULLS ${key.missingLast ? "LAST" : "FIRST"}`;
  });
  return [...terms, "d.doc"].join(", ");
}

/** Parses `search_after` for the keys; null stands for a document without a value. */
export function parseSearchAfter(values: Json[], keys: ResolvedKey[], index: string): SortValue[] {
  return keys.map((key, i): SortValue => {
    const value = values[i] ?? null;
    if (key.type === "keyword") return value === null ? null : String(value);
    if (value === null || typeof value === "object") {
      throw failedValue(
        index,
        "illegal_argument_exception",
        `Failed to parse search_after value for field [${key.expression}].`,
      );
    }
    // Scores are 32-bit floats, printed as their shortest decimal.
    if (key.kind === "score") return Math.fround(Number(value));
    if (isMissingMark(key.type, value)) return null;
    if (key.type !== "date") return Number(value);
    const date = parseDate(String(value));
    if (date !== undefined && Number.isSafeInteger(date)) return date;
    // So it goes with the mark of a missing date that a JSON parser rounded: OpenSearch does not take it for a date.
    const reason = `failed to parse date field [${String(value)}] with format [strict_date_optional_time||epoch_millis]`;
    throw failedValue(index, "parse_exception", `${reason}: [${reason}]`);
  });
}

function failedValue(index: string, type: string, reason: string): OpenSearchError {
  return shardFailure(index, { type, reason });
}

/** What is printed for a missing value: the largest or smallest long, int or infinity. */
function isMissingMark(type: FieldType, value: Json): boolean {
  if (value === "Infinity" || value === "-Infinity") return true;
  if (type === "date") return value === LONG_MAX || value === LONG_MIN;
  if (type === "long") return Math.abs(Number(value)) >= BEYOND_LONG;
  if (type === "double" || type === "float") return false;
  return Number(value) >= 2 ** 31 - 1 || Number(value) <= -(2 ** 31);
}

/** The documents that come after the given values in the order of the keys. */
export function afterCondition(keys: ResolvedKey[], after: SortValue[]): Sql {
  const alternatives: Sql[] = [];
  let equal: Sql[] = [];
  keys.forEach((key, i) => {
    const value = after[i] ?? null;
    const beyond = later(key, value);
    if (beyond) alternatives.push(all([...equal, beyond]));
    equal = [...equal, same(key, value)];
  });
  const after1: Sql = {
    text: alternatives.length === 0 ? "0" : `(${alternatives.map((one) => one.text).join(" OR ")})`,
    params: alternatives.flatMap((one) => one.params),
  };
  const [first] = keys;
  const start = after[0] ?? null;
  if (!first || start === null || first.mayBeMissing || first.kind !== "field") return after1;
  // Implied by the alternatives, but only this lets SQLite begin in the middle of an index.
  const bound = `${first.expression} ${first.descending ? "<=" : ">="} ?`;
  return all([{ text: bound, params: [...first.params, start] }, after1]);
}

function all(parts: Sql[]): Sql {
  return {
    text: `(${parts.map((part) => part.text).join(" AND ")})`,
    params: parts.flatMap((part) => part.params),
  };
}

function same(key: ResolvedKey, value: SortValue): Sql {
  if (value === null) return { text: `${key.expression} IS NULL`, params: key.params };
  return { text: `${key.expression} = ?`, params: [...key.params, value] };
}

function later(key: ResolvedKey, value: SortValue): Sql | undefined {
  if (value === null) {
    if (key.missingLast) return undefined;
    return { text: `${key.expression} IS NOT NULL`, params: key.params };
  }
  const beyond = `${key.expression} ${key.descending ? "<" : ">"} ?`;
  const params = [...key.params, value];
  if (!key.mayBeMissing || !key.missingLast) return { text: beyond, params };
  return { text: `(${beyond} OR ${key.expression} IS NULL)`, params: [...params, ...key.params] };
}

/** Compares the sort values of two hits. */
export function compareSortValues(keys: ResolvedKey[], a: SortValue[], b: SortValue[]): number {
  for (const [i, key] of keys.entries()) {
    const left = a[i] ?? null;
    const right = b[i] ?? null;
    if (left === null && right === null) continue;
    if (left === null) return key.missingLast ? 1 : -1;
    if (right === null) return key.missingLast ? -1 : 1;
    const order = compareValues(left, right);
    if (order !== 0) return key.descending ? -order : order;
  }
  return 0;
}

/** A sort value as JSON text; a missing number is printed as the extreme that it sorts as. */
export function sortValueJson(key: ResolvedKey, value: SortValue): string {
  if (value !== null || key.type === "keyword") return JSON.stringify(value);
  const largest = key.missingLast !== key.descending;
  if (key.type === "long" || key.type === "date") return largest ? LONG_MAX : LONG_MIN;
  if (key.type === "double" || key.type === "float") return largest ? '"Infinity"' : '"-Infinity"';
  return String(largest ? 2 ** 31 - 1 : -(2 ** 31));
}
