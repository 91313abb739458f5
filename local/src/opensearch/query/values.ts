import type { SQLInputValue } from "node:sqlite";
import { OpenSearchError, shardFailure } from "../errors.ts";
import type { Json } from "../json.ts";
import type { Field } from "../mapping.ts";
import { figure, valuesTable } from "../snapshot.ts";
import { queryValue, type Value } from "../values.ts";
import { type Clause, constant, type QueryContext, queryShardError, type Sql } from "./clause.ts";

const K1 = 1.2;
const B = 0.75;

/** Lucene's inverse document frequency. */
export function idf(documents: number, matching: number): number {
  return Math.log(1 + (documents - matching + 0.5) / (matching + 0.5));
}

/** A condition on the values of a field: `test` is SQL about `value`, met by any of a document's values. */
export function anyValue(
  context: QueryContext,
  field: Field,
  test: string,
  params: SQLInputValue[],
): Sql {
  if (context.snapshot.multiValued.has(field.slot)) {
    const matches = test.replaceAll("value", "v.value");
    return {
      text: `d.doc IN (SELECT v.doc FROM ${valuesTable(field)} v WHERE ${matches})`,
      params,
    };
  }
  return { text: `(${test.replaceAll("value", `d.c${field.slot}`)})`, params };
}

/** The value of a query for a field; what does not fit is the shard's failure, as in OpenSearch. */
export function valueFor(context: QueryContext, field: Field, value: Json, roundUp = false): Value {
  try {
    return queryValue(field, value, roundUp);
  } catch (error) {
    if (error instanceof OpenSearchError || !(error instanceof Error)) throw error;
    if (field.type === "date") {
      throw shardFailure(context.indexName, {
        type: "parse_exception",
        reason: `${error.message}: [${error.message}]`,
      });
    }
    throw queryShardError(context, `failed to create query: ${error.message}`, {
      type: "number_format_exception",
      reason: error.message,
    });
  }
}

/** Documents with exactly this value. Keywords and booleans score by rarity (BM25 without a length), others 1. */
export function exactly(context: QueryContext, field: Field, value: Value, boost: number): Clause {
  const where = anyValue(context, field, "value = ?", [value]);
  if (field.type !== "keyword" && field.type !== "boolean") return constant(where, boost);
  const { snapshot } = context;
  const count = (): number => {
    const sql = `SELECT count(*) FROM docs d WHERE ${where.text}`;
    return Number(snapshot.db.row(sql, ...where.params)?.[0] ?? 0);
  };
  const score = () => {
    const column = `c${field.slot}`;
    const documents = figure(
      snapshot,
      `with ${column}`,
      `SELECT count(*) FROM docs WHERE ${column} IS NOT NULL`,
    );
    const values = snapshot.multiValued.has(field.slot)
      ? figure(snapshot, `values ${column}`, `SELECT count(*) FROM ${valuesTable(field)}`)
      : documents;
    const length = documents === 0 ? 1 : values / documents;
    const frequency = (K1 + 1) / (1 + K1 * (1 - B + B / length));
    return boost * idf(documents, count()) * frequency;
  };
  return { where, score: { kind: "constant", where, value: score } };
}
