import { illegalArgument, notSupported } from "../errors.ts";
import { asArray, isObject, type Json, type JsonObject } from "../json.ts";
import { and } from "../query/clause.ts";
import { compileQuery } from "../query/compile.ts";
import { compareValues, type Value } from "../values.ts";
import { countValues, type FieldTarget, withField } from "./bucket-source.ts";
import { type Aggregate, type AggregationNode, checkAggregation, fieldOf } from "./node.ts";

type Bucket = { key: Value; count: number };

const PARAMETERS =
  "field size shard_size order include exclude min_doc_count execution_hint collect_mode".split(
    " ",
  );
const DEFAULT_SIZE = 10;
// Lucene's regular expressions have operators that JavaScript's have not, or reads otherwise.
const FOREIGN_OPERATORS = /(?<!\\)[#@&<>~"^$]|\\[a-zA-Z]|\(\?/;

/** A pattern of `include`, as Lucene reads it: it must match the whole term. */
function termPattern(pattern: string): RegExp {
  if (FOREIGN_OPERATORS.test(pattern)) {
    throw notSupported(`the regular expression [${pattern}] of a terms aggregation`);
  }
  try {
    return new RegExp(`^(?:${pattern})$`, "su");
  } catch (cause) {
    throw illegalArgument(`invalid regular expression [${pattern}]: ${String(cause)}`);
  }
}

function termFilter(given: Json | undefined): ((key: string) => boolean) | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "string") {
    const pattern = termPattern(given);
    return (key) => pattern.test(key);
  }
  if (!Array.isArray(given)) throw notSupported("partitions in a terms aggregation");
  const keys = new Set(given.map(String));
  return (key) => keys.has(key);
}

/** The text that every term must begin with, when `include` says so: "abc.*". */
function requiredPrefix(include: Json | undefined): string | undefined {
  if (typeof include !== "string") return undefined;
  const [, escaped] = /^((?:[^\\.?+*|{}[\]()"~#@&<>^$]|\\[^a-zA-Z0-9])+)\.\*$/u.exec(include) ?? [];
  return escaped?.replace(/\\(.)/gu, "$1");
}

function parseOrder(given: Json | undefined): ((a: Bucket, b: Bucket) => number)[] {
  const byKey = (a: Bucket, b: Bucket) => compareValues(a.key, b.key);
  const byCount = (a: Bucket, b: Bucket) => a.count - b.count;
  const orders = asArray(given ?? { _count: "desc" }).flatMap((item) => {
    if (!isObject(item)) throw illegalArgument("invalid [order]");
    return Object.entries(item).map(([by, direction]) => {
      const compare = by === "_key" ? byKey : by === "_count" ? byCount : undefined;
      if (!compare) throw notSupported(`ordering terms by [${by}]`);
      if (direction !== "asc" && direction !== "desc") {
        throw illegalArgument(`Unknown terms order direction [${String(direction)}]`);
      }
      return direction === "asc" ? compare : (a: Bucket, b: Bucket) => compare(b, a);
    });
  });
  return [...orders, byKey];
}

function collect(sources: FieldTarget[], prefix: string | undefined): Bucket[] {
  const counts = new Map<Value, number>();
  for (const source of sources) {
    const only = source.field.type === "keyword" ? prefix : undefined;
    for (const [key, count] of countValues(source, only)) {
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  }
  return [...counts].map(([key, count]) => ({ key, count }));
}

function keyOf(type: string | undefined, key: Value): JsonObject {
  if (type === "boolean") return { key, key_as_string: key === 1 ? "true" : "false" };
  if (type === "date") return { key, key_as_string: new Date(Number(key)).toISOString() };
  return { key };
}

function sizeOf(node: AggregationNode): number {
  const size = Number(node.body.size ?? DEFAULT_SIZE);
  if (Number.isInteger(size) && size > 0) return size;
  throw illegalArgument(
    `[size] must be greater than 0. Found [${String(node.body.size)}] in [${node.name}]`,
  );
}

/** `terms`: the documents by the values of a field. */
export const terms: Aggregate = (node, targets, below) => {
  checkAggregation(node, PARAMETERS);
  const path = fieldOf(node);
  const size = sizeOf(node);
  const minimum = Number(node.body.min_doc_count ?? 1);
  if (minimum < 1) throw notSupported("min_doc_count 0 of a terms aggregation");
  const orders = parseOrder(node.body.order);
  const included = termFilter(node.body.include);
  const excluded = termFilter(node.body.exclude);
  const sources = withField(targets, path);
  const type = sources[0]?.field.type;
  const all = collect(sources, requiredPrefix(node.body.include)).filter(
    ({ key, count }) =>
      count >= minimum && (included?.(String(key)) ?? true) && !(excluded?.(String(key)) ?? false),
  );
  all.sort((a, b) => {
    for (const order of orders) {
      const result = order(a, b);
      if (result !== 0) return result;
    }
    return 0;
  });
  const shown = all.slice(0, size);
  const total = all.reduce((sum, one) => sum + one.count, 0);
  const other = total - shown.reduce((sum, one) => sum + one.count, 0);
  const buckets = shown.map(({ key, count }) => {
    const bucket = { ...keyOf(type, key), doc_count: count };
    if (node.children.length === 0) return bucket;
    const value = type === "boolean" ? key === 1 : key;
    const part = targets.map((target) => {
      const { where } = compileQuery({ term: { [path]: value } }, target.index, target.snapshot);
      return { ...target, base: and([target.base, where]) };
    });
    return { ...bucket, ...below(part) };
  });
  return { doc_count_error_upper_bound: 0, sum_other_doc_count: other, buckets };
};
