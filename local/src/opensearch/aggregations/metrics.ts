import { illegalArgument } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { type FieldTarget, valuesFrom, withField } from "./bucket-source.ts";
import { type Aggregate, checkAggregation, fieldOf } from "./node.ts";

type Figures = { count: number; sum: number; min: number | null; max: number | null };

function figures(source: FieldTarget): Figures {
  const from = valuesFrom(source);
  const sql = `SELECT count(*), sum(v.value), min(v.value), max(v.value) ${from.text}`;
  const [count, sum, min, max] = source.target.snapshot.db.row(sql, ...from.params) ?? [];
  return {
    count: Number(count ?? 0),
    sum: Number(sum ?? 0),
    min: min === null || min === undefined ? null : Number(min),
    max: max === null || max === undefined ? null : Number(max),
  };
}

function distinct(sources: FieldTarget[]): number {
  const values = new Set<unknown>();
  for (const source of sources) {
    const from = valuesFrom(source);
    const rows = source.target.snapshot.db.rows(
      `SELECT DISTINCT v.value ${from.text}`,
      ...from.params,
    );
    for (const [value] of rows) values.add(value);
  }
  return values.size;
}

/** A date's figure is shown as text too. */
function shown(value: number | null, isDate: boolean): JsonObject {
  if (!isDate || value === null) return { value };
  return { value, value_as_string: new Date(value).toISOString() };
}

/** `value_count`, `sum`, `avg`, `min`, `max` and `cardinality` (exact, where OpenSearch estimates). */
export const metric: Aggregate = (node, targets) => {
  checkAggregation(
    node,
    node.type === "cardinality" ? ["field", "precision_threshold"] : ["field"],
  );
  const sources = withField(targets, fieldOf(node));
  if (node.type === "cardinality") return { value: distinct(sources) };
  const [first] = sources;
  const textual = first?.field.type === "keyword";
  if (node.type !== "value_count" && textual) {
    throw illegalArgument(
      `Field [${first.field.path}] of type [keyword] is not supported for aggregation [${node.type}]`,
    );
  }
  const all = sources.map(figures);
  const count = all.reduce((total, one) => total + one.count, 0);
  const sum = all.reduce((total, one) => total + one.sum, 0);
  const isDate = first?.field.type === "date";
  switch (node.type) {
    case "value_count":
      return { value: count };
    case "sum":
      return shown(sum, isDate);
    case "avg":
      return shown(count === 0 ? null : sum / count, isDate);
    default: {
      const ends = all.flatMap((one) => (node.type === "min" ? one.min : one.max) ?? []);
      if (ends.length === 0) return { value: null };
      return shown(node.type === "min" ? Math.min(...ends) : Math.max(...ends), isDate);
    }
  }
};
