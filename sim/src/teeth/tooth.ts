import type { InvariantName } from "../invariants/all.ts";
import type { Bias } from "../runner/plan.ts";
import type { Mutation } from "../world/mutation.ts";

/** One mitigation, how to take it out, and what makes its absence show soon. */
export interface Tooth {
  /** The mitigation that is missing then. */
  name: string;
  /** The invariant that shows it; others may as well. */
  caughtBy: InvariantName;
  /** Anew for each run: what it counts begins at nothing. */
  mutation(): Mutation;
  bias?: Bias;
}

/** The expressions of one write of DynamoDB. */
export interface Write {
  UpdateExpression?: string;
  ConditionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, Record<string, unknown>>;
}

/** Takes conditions out of a write, and the names and values that nothing else uses then. */
export function withoutConditions(write: Write, isOne: (condition: string) => boolean): void {
  const kept = (write.ConditionExpression ?? "")
    .split(" AND ")
    .filter((condition) => condition !== "" && !isOne(resolved(condition, write)));
  if (kept.length > 0) write.ConditionExpression = kept.join(" AND ");
  else delete write.ConditionExpression;
  const text = ` ${write.UpdateExpression ?? ""} ${write.ConditionExpression ?? ""} `;
  for (const field of ["ExpressionAttributeNames", "ExpressionAttributeValues"] as const) {
    const used = Object.entries(write[field] ?? {}).filter(([name]) =>
      new RegExp(`${name}(?!\\w)`).test(text),
    );
    if (used.length > 0) write[field] = Object.fromEntries(used) as never;
    else delete write[field];
  }
}

/** `#status = :before` as `status = :before`. */
function resolved(condition: string, { ExpressionAttributeNames: names = {} }: Write): string {
  return condition.replace(/#\w+/g, (name) => names[name] ?? name);
}
