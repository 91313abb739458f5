import { parsingError } from "../errors.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { and } from "../query/clause.ts";
import { compileQuery } from "../query/compile.ts";
import { type Aggregate, checkAggregation, type Target } from "./node.ts";

function narrowed(targets: Target[], query: Json): Target[] {
  return targets.map((target) => {
    const { where } = compileQuery(query, target.index, target.snapshot);
    return { ...target, base: and([target.base, where]) };
  });
}

function documentCount(targets: Target[]): number {
  return targets
    .map(({ snapshot, base }) => {
      const sql = `SELECT count(*) FROM docs d WHERE ${base.text}`;
      return Number(snapshot.db.row(sql, ...base.params)?.[0] ?? 0);
    })
    .reduce((sum, one) => sum + one, 0);
}

function bucket(
  targets: Target[],
  query: Json,
  below: (targets: Target[]) => JsonObject,
): JsonObject {
  const part = narrowed(targets, query);
  return { doc_count: documentCount(part), ...below(part) };
}

/** `filter`: the documents that match one more query. */
export const filter: Aggregate = (node, targets, below) => bucket(targets, node.body, below);

/** `filters`: a bucket a query, named or in order. */
export const filters: Aggregate = (node, targets, below) => {
  checkAggregation(node, ["filters"]);
  const given = node.body.filters;
  if (Array.isArray(given)) {
    return { buckets: given.map((query) => bucket(targets, query, below)) };
  }
  if (!isObject(given)) throw parsingError("[filters] must be an object or an array");
  const buckets: JsonObject = {};
  for (const [name, query] of Object.entries(given)) buckets[name] = bucket(targets, query, below);
  return { buckets };
};
