import type { SQLInputValue } from "node:sqlite";
import { fieldWithValues } from "../field-data.ts";
import type { Field } from "../mapping.ts";
import { valuesTable } from "../snapshot.ts";
import type { Value } from "../values.ts";
import type { Target } from "./node.ts";

/** A target with the field that an aggregation reads there. */
export type FieldTarget = { target: Target; field: Field };

export function withField(targets: Target[], path: string): FieldTarget[] {
  return targets.flatMap((target) => {
    const field = fieldWithValues(target.snapshot, target.index.name, path);
    return field ? [{ target, field }] : [];
  });
}

/** SELECT's FROM and WHERE over the values (`v.value`, `v.doc`) of a field in the documents of a target. */
export function valuesFrom({ target, field }: FieldTarget): {
  text: string;
  params: SQLInputValue[];
} {
  const { base, snapshot } = target;
  const column = `c${field.slot}`;
  if (!snapshot.multiValued.has(field.slot)) {
    const where = `${column} IS NOT NULL AND ${base.text}`;
    return {
      text: `FROM (SELECT d.${column} AS value, d.doc FROM docs d WHERE d.${where}) v`,
      params: base.params,
    };
  }
  const table = valuesTable(field);
  if (base.text === "1") return { text: `FROM ${table} v`, params: [] };
  // Bound to the documents, not the other way round: a facet must not scan all values of the index.
  return {
    text: `FROM docs d CROSS JOIN ${table} v ON v.doc = d.doc WHERE ${base.text}`,
    params: base.params,
  };
}

/** How many documents have each value of the field. */
export function countValues(source: FieldTarget, filter = ""): [Value, number][] {
  const from = valuesFrom(source);
  const sql = `SELECT value, count(*) FROM (SELECT v.value AS value ${from.text}) ${filter} GROUP BY value`;
  return source.target.snapshot.db
    .rows(sql, ...from.params)
    .map(([value, count]) => [value as Value, Number(count)]);
}
