import { unsupported, validation } from "./errors.ts";
import { type Placeholders, read, Tokens } from "./expression.ts";
import type { Item, Value } from "./values.ts";

/** What an update makes of an item; all of it reads the item as it was before. */
export type Update = (before: Item) => Item;

type Change = (before: Item, after: Item) => void;

const CLAUSES = ["SET", "REMOVE", "ADD", "DELETE"];

/** Reads the update expressions that the services' adapters write. @throws DynamoDbError for everything else */
export function parseUpdate(expression: string, given: Placeholders): Update {
  const tokens = new Tokens(expression, given);
  const changes: Change[] = [];
  const paths = new Set<string>();
  while (!tokens.ended) {
    const clause = tokens.next().toUpperCase();
    if (!CLAUSES.includes(clause)) throw validation(`Syntax error; token: "${clause}"`);
    do {
      const path = tokens.path();
      const [name = "", ...inside] = path;
      if (paths.has(name)) throw validation(`Two document paths overlap with each other: ${name}`);
      paths.add(name);
      changes.push(
        inside.length === 0 ? change(clause, name, tokens) : setInside(clause, path, tokens),
      );
    } while (tokens.take(","));
  }
  return (before) => {
    const after = { ...before };
    for (const apply of changes) apply(before, after);
    return after;
  };
}

function change(clause: string, name: string, tokens: Tokens): Change {
  switch (clause) {
    case "SET": {
      tokens.expect("=");
      const value = sum(tokens);
      return (before, after) => {
        after[name] = value(before);
      };
    }
    case "REMOVE":
      return (_, after) => {
        delete after[name];
      };
    case "ADD": {
      const value = tokens.value(tokens.next());
      if (!("N" in value)) throw unsupported("ADD of what is no number");
      return (before, after) => {
        after[name] = plus(before[name] ?? { N: "0" }, value, 1);
      };
    }
    default:
      throw unsupported("DELETE in an update");
  }
}

/** Sets a member of a map that is an attribute. */
function setInside(
  clause: string,
  [name = "", member = "", ...deeper]: string[],
  tokens: Tokens,
): Change {
  if (clause !== "SET" || deeper.length > 0) throw unsupported(`${clause} inside of an attribute`);
  tokens.expect("=");
  const value = sum(tokens);
  return (before, after) => {
    const map = before[name]?.M as Item | undefined;
    if (!map) throw validation("The document path provided in the update expression is invalid");
    after[name] = { M: { ...map, [member]: value(before) } };
  };
}

type Operand = (before: Item) => Value;

function sum(tokens: Tokens): Operand {
  let left = operand(tokens);
  for (;;) {
    const sign = tokens.take("+") ? 1 : tokens.take("-") ? -1 : 0;
    if (sign === 0) return left;
    const one = left;
    const other = operand(tokens);
    left = (before) => plus(one(before), other(before), sign);
  }
}

function operand(tokens: Tokens): Operand {
  if (tokens.peek()?.startsWith(":")) {
    const value = tokens.value(tokens.next());
    return () => value;
  }
  if (tokens.take("IF_NOT_EXISTS")) {
    tokens.expect("(");
    const path = tokens.path();
    tokens.expect(",");
    const otherwise = operand(tokens);
    tokens.expect(")");
    return (before) => read(before, path) ?? otherwise(before);
  }
  if (tokens.isNext("LIST_APPEND")) throw unsupported("list_append");
  const path = tokens.path();
  return (before) => {
    const value = read(before, path);
    if (!value) {
      throw validation(
        "The provided expression refers to an attribute that does not exist in the item",
      );
    }
    return value;
  };
}

function plus(left: Value, right: Value, sign: number): Value {
  if (!("N" in left) || !("N" in right)) {
    throw validation("An operand in the update expression has an incorrect data type");
  }
  return { N: String(Number(left.N) + sign * Number(right.N)) };
}
