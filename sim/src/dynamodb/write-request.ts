import { parseCondition } from "./condition.ts";
import { unsupported } from "./errors.ts";
import { type Placeholders, placeholders, refuseUnused } from "./expression.ts";
import { keyOf, type Table } from "./table.ts";
import { parseUpdate } from "./update.ts";
import type { Item } from "./values.ts";

export type Input = Record<string, unknown>;
export type Output = Record<string, unknown>;
export type Tables = (name: string) => Table;

/** What requests are answered from. */
export interface Context {
  tables: Tables;
  /** Request tokens of transactions, and what was asked with them. */
  tokens: Map<string, { at: number; request: string }>;
  now: () => number;
}

export interface WriteRequest {
  Put?: Input;
  Update?: Input;
  Delete?: Input;
  ConditionCheck?: Input;
}

/** A write that has been looked at, and what it would do. */
export interface Prepared {
  table: Table;
  key: Item;
  before: Item | undefined;
  after: Item | undefined;
  holds: boolean;
  input: Input;
}

/** Reads a write and checks its condition; nothing is changed. */
export function prepare(tables: Tables, request: WriteRequest): Prepared {
  const input = request.Put ?? request.Update ?? request.Delete ?? request.ConditionCheck;
  if (!input) throw unsupported(`write ${Object.keys(request).join()}`);
  const table = tables(String(input.TableName));
  const key = request.Put ? keyOf(input.Item as Item) : (input.Key as Item);
  const before = table.get(key);
  const given = placeholders(input);
  const holds =
    input.ConditionExpression === undefined ||
    parseCondition(String(input.ConditionExpression), given)(before);
  const after = afterOf(request, key, before, given, holds);
  refuseUnused(given);
  return { table, key, before, after, holds, input };
}

function afterOf(
  request: WriteRequest,
  key: Item,
  before: Item | undefined,
  given: Placeholders,
  holds: boolean,
): Item | undefined {
  if (request.Put) return request.Put.Item as Item;
  if (request.Delete) return undefined;
  if (request.ConditionCheck) return before;
  const update = parseUpdate(String(request.Update?.UpdateExpression), given);
  return holds ? update(before ?? key) : before;
}

/** Refuses parameters that would have a meaning here which nobody has thought of. */
export function allow(rest: Input, names: string[], operation: string): void {
  const strange = Object.keys(rest).filter((name) => !names.includes(name));
  if (strange.length > 0) throw unsupported(`${strange.join(", ")} in ${operation}`);
}
