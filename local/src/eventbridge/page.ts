import { validation } from "./errors.ts";
import { optionalInteger, optionalText, type Parameters } from "./parameters.ts";

/**
 * One page of a list action over items in the order of their unique names: `Limit` 1–100 (default 100), `NamePrefix` where the
 * action has one, and `NextToken`, which carries the last name of the page before.
 */
export function page<Item>(
  input: Parameters,
  items: Item[],
  nameOf: (item: Item) => string,
): { items: Item[]; NextToken?: string } {
  const limit = optionalInteger(input, "Limit", 1, 100) ?? 100;
  const prefix = optionalText(input, "NamePrefix") ?? "";
  const token = optionalText(input, "NextToken", 2048);
  const after = token === undefined ? undefined : Buffer.from(token, "base64url").toString("utf8");
  if (after === "") throw validation("Parameter NextToken is not valid.");
  const rest = items.filter(
    (item) => nameOf(item).startsWith(prefix) && (after === undefined || nameOf(item) > after),
  );
  const taken = rest.slice(0, limit);
  const last = taken.at(-1);
  if (rest.length === taken.length || last === undefined) return { items: taken };
  return { items: taken, NextToken: Buffer.from(nameOf(last)).toString("base64url") };
}
