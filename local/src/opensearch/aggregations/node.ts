import { illegalArgument, notSupported } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Sql } from "../query/clause.ts";
import type { Snapshot } from "../snapshot.ts";

/** An aggregation of a request with those below it. */
export type AggregationNode = {
  name: string;
  type: string;
  body: JsonObject;
  children: AggregationNode[];
};
/** The documents of one index that an aggregation looks at: those for which `base` holds. */
export type Target = { index: { name: string; uuid: string }; snapshot: Snapshot; base: Sql };
/** Computes one aggregation over all targets; `below` runs its sub-aggregations over a part of them. */
export type Aggregate = (
  node: AggregationNode,
  targets: Target[],
  below: (targets: Target[]) => JsonObject,
) => JsonObject;

/** Refuses the parameters of an aggregation that it does not take. */
export function checkAggregation(node: AggregationNode, allowed: readonly string[]): void {
  for (const key of Object.keys(node.body)) {
    if (!allowed.includes(key)) {
      throw notSupported(`[${key}] of the ${node.type} aggregation [${node.name}]`);
    }
  }
}

/** The field of an aggregation that needs one. */
export function fieldOf(node: AggregationNode): string {
  if (typeof node.body.field === "string") return node.body.field;
  throw illegalArgument(`Required one of fields [field, script], but none were specified. `);
}
