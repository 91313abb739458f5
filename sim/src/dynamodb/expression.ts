import { validation } from "./errors.ts";
import type { Item, Value } from "./values.ts";

/** Names and values of one request, and which of them its expressions have used. */
export interface Placeholders {
  names: Record<string, string>;
  values: Record<string, Value>;
  used: Set<string>;
}

export function placeholders(input: Record<string, unknown>): Placeholders {
  return {
    names: (input.ExpressionAttributeNames ?? {}) as Record<string, string>,
    values: (input.ExpressionAttributeValues ?? {}) as Record<string, Value>,
    used: new Set(),
  };
}

/** As DynamoDB does: what is given and used by no expression is a mistake of the caller. */
export function refuseUnused({ names, values, used }: Placeholders): void {
  for (const [kind, given] of [
    ["ExpressionAttributeNames", names],
    ["ExpressionAttributeValues", values],
  ] as const) {
    const unused = Object.keys(given).filter((name) => !used.has(name));
    if (unused.length > 0) {
      throw validation(
        `Value provided in ${kind} unused in expressions: keys: {${unused.join(", ")}}`,
      );
    }
  }
}

/** The words and signs of an expression, one after the other. */
export class Tokens {
  private readonly tokens: string[];
  private at = 0;
  readonly placeholders: Placeholders;

  constructor(expression: string, given: Placeholders) {
    this.placeholders = given;
    this.tokens = expression.match(/<>|<=|>=|[(),.=<>+[\]-]|[#:]?[\w]+|[^\s]/g) ?? [];
    const strange = this.tokens.find(
      (token) => !/^(<>|<=|>=|[(),.=<>+[\]-]|[#:]?\w+)$/.test(token),
    );
    if (strange !== undefined) throw validation(`Syntax error; token: "${strange}"`);
  }

  peek(): string | undefined {
    return this.tokens[this.at];
  }

  isNext(token: string): boolean {
    return this.peek()?.toUpperCase() === token;
  }

  /** Takes the token if it is the next one. */
  take(token: string): boolean {
    if (!this.isNext(token)) return false;
    this.at += 1;
    return true;
  }

  next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw validation("Syntax error; token: <EOF>");
    this.at += 1;
    return token;
  }

  expect(token: string): void {
    const found = this.next();
    if (found.toUpperCase() !== token) {
      throw validation(`Syntax error; token: "${found}", expected: "${token}"`);
    }
  }

  get ended(): boolean {
    return this.at >= this.tokens.length;
  }

  /** An attribute's path: `a`, `#a`, `a.b`, `a[0]`. */
  path(): string[] {
    const path = [this.name(this.next())];
    for (;;) {
      if (this.take(".")) path.push(this.name(this.next()));
      else if (this.take("[")) {
        path.push(this.next());
        this.expect("]");
      } else return path;
    }
  }

  value(token: string): Value {
    const value = this.placeholders.values[token];
    if (!value) {
      throw validation(`An expression attribute value used in expression is not defined: ${token}`);
    }
    this.placeholders.used.add(token);
    return value;
  }

  private name(token: string): string {
    if (!token.startsWith("#")) {
      if (!/^[A-Za-z]\w*$/.test(token)) throw validation(`Syntax error; token: "${token}"`);
      return token;
    }
    const name = this.placeholders.names[token];
    if (name === undefined) {
      throw validation(
        `An expression attribute name used in the document path is not defined: ${token}`,
      );
    }
    this.placeholders.used.add(token);
    return name;
  }
}

export function read(item: Item | undefined, path: string[]): Value | undefined {
  let value: unknown = { M: item ?? {} };
  for (const step of path) {
    const container = value as { M?: Record<string, unknown>; L?: unknown[] } | undefined;
    value = container?.M ? container.M[step] : container?.L?.[Number(step)];
  }
  return value as Value | undefined;
}
