import { validation } from "./errors.ts";
import { type Placeholders, read, Tokens } from "./expression.ts";
import { compare, type Item, isEqual, type Value } from "./values.ts";

/** Whether an item (undefined: there is none) is as a condition says. */
export type Condition = (item: Item | undefined) => boolean;

/**
 * Reads the conditions that the services' adapters write: comparisons, BETWEEN, IN, the functions of
 * existence and prefix, AND, OR, NOT and brackets. @throws DynamoDbError for everything else
 */
export function parseCondition(expression: string, given: Placeholders): Condition {
  const tokens = new Tokens(expression, given);
  const condition = either(tokens);
  if (!tokens.ended) throw validation(`Syntax error; token: "${tokens.peek()}"`);
  return condition;
}

function either(tokens: Tokens): Condition {
  const parts = [both(tokens)];
  while (tokens.take("OR")) parts.push(both(tokens));
  return (item) => parts.some((part) => part(item));
}

function both(tokens: Tokens): Condition {
  const parts = [single(tokens)];
  while (tokens.take("AND")) parts.push(single(tokens));
  return (item) => parts.every((part) => part(item));
}

function single(tokens: Tokens): Condition {
  if (tokens.take("NOT")) {
    const inner = single(tokens);
    return (item) => !inner(item);
  }
  if (tokens.take("(")) {
    const inner = either(tokens);
    tokens.expect(")");
    return inner;
  }
  for (const name of ["attribute_exists", "attribute_not_exists", "begins_with", "contains"]) {
    if (tokens.take(name.toUpperCase())) return functionCall(name, tokens);
  }
  return comparison(tokens);
}

function functionCall(name: string, tokens: Tokens): Condition {
  tokens.expect("(");
  const path = tokens.path();
  if (name === "attribute_exists" || name === "attribute_not_exists") {
    tokens.expect(")");
    const wanted = name === "attribute_exists";
    return (item) => (read(item, path) !== undefined) === wanted;
  }
  tokens.expect(",");
  const sought = operand(tokens);
  tokens.expect(")");
  if (name === "begins_with") {
    return (item) => {
      const value = read(item, path);
      return value?.S !== undefined && String(value.S).startsWith(String(sought(item)?.S));
    };
  }
  return (item) => contains(read(item, path), sought(item));
}

function contains(value: Value | undefined, sought: Value | undefined): boolean {
  if (!value || !sought) return false;
  if ("S" in value) return String(value.S).includes(String(sought.S));
  if ("L" in value) return (value.L as Value[]).some((element) => isEqual(element, sought));
  const [members] = Object.values(value);
  return Array.isArray(members) && members.includes(Object.values(sought)[0]);
}

type Operand = (item: Item | undefined) => Value | undefined;

function operand(tokens: Tokens): Operand {
  if (tokens.peek()?.startsWith(":")) {
    const value = tokens.value(tokens.next());
    return () => value;
  }
  if (tokens.isNext("SIZE")) throw validation("size() is not used by any adapter.");
  const path = tokens.path();
  return (item) => read(item, path);
}

function comparison(tokens: Tokens): Condition {
  const left = operand(tokens);
  const sign = tokens.next().toUpperCase();
  if (sign === "BETWEEN") {
    const low = operand(tokens);
    tokens.expect("AND");
    const high = operand(tokens);
    return (item) =>
      (compare(left(item), low(item)) ?? -1) >= 0 && (compare(left(item), high(item)) ?? 1) <= 0;
  }
  if (sign === "IN") {
    tokens.expect("(");
    const choices = [operand(tokens)];
    while (tokens.take(",")) choices.push(operand(tokens));
    tokens.expect(")");
    return (item) => choices.some((choice) => isEqual(left(item), choice(item)));
  }
  const right = operand(tokens);
  switch (sign) {
    case "=":
      return (item) => left(item) !== undefined && isEqual(left(item), right(item));
    case "<>":
      return (item) => !isEqual(left(item), right(item));
    case "<":
      return (item) => (compare(left(item), right(item)) ?? 1) < 0;
    case "<=":
      return (item) => (compare(left(item), right(item)) ?? 1) <= 0;
    case ">":
      return (item) => (compare(left(item), right(item)) ?? -1) > 0;
    case ">=":
      return (item) => (compare(left(item), right(item)) ?? -1) >= 0;
    default:
      throw validation(`Syntax error; token: "${sign}"`);
  }
}
