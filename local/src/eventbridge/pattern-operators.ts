import { BlockList, isIP } from "node:net";

/** A leaf of an event: only these can be compared; objects and arrays are walked. */
export type Leaf = string | number | boolean | null;

/** Whether one leaf of the event satisfies one element of a pattern's array. */
export type LeafMatcher = (leaf: Leaf) => boolean;

/** Thrown by `compilePattern`; the message is the reason AWS would give after "Event pattern is not valid. Reason:". */
export class InvalidPatternError extends Error {
  override name = "InvalidPatternError";
}

/** Words that name a comparison; inside `$or` they cannot be field names, as event-ruler has it. */
export const RESERVED_IN_OR: ReadonlySet<string> = new Set([
  "exactly",
  "equals-ignore-case",
  "prefix",
  "suffix",
  "anything-but",
  "exists",
  "wildcard",
  "numeric",
  "cidr",
  "=",
  "<",
  "<=",
  ">",
  ">=",
  "regex",
]);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function onlyEntry(object: Record<string, unknown>): [string, unknown] {
  const [entry, ...others] = Object.entries(object);
  if (entry === undefined) throw new InvalidPatternError("Match expression name not found");
  if (others.length > 0) {
    throw new InvalidPatternError("Only one key allowed in match expression");
  }
  return entry;
}

function text(operator: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new InvalidPatternError(`${operator} match pattern must be a string`);
}

function onStrings(matches: (leaf: string) => boolean): LeafMatcher {
  return (leaf) => typeof leaf === "string" && matches(leaf);
}

function equalsIgnoreCase(value: unknown): LeafMatcher {
  const wanted = text("equals-ignore-case", value).toLowerCase();
  return onStrings((leaf) => leaf.toLowerCase() === wanted);
}

/** `prefix` and `suffix` take a string, or `{"equals-ignore-case": string}`. */
function affix(operator: "prefix" | "suffix", value: unknown): LeafMatcher {
  const has = (leaf: string, part: string) =>
    operator === "prefix" ? leaf.startsWith(part) : leaf.endsWith(part);
  if (isObject(value)) {
    const [inner, operand] = onlyEntry(value);
    if (inner !== "equals-ignore-case") {
      throw new InvalidPatternError(`Unsupported ${operator} match pattern: ${inner}`);
    }
    const part = text(`${operator}/equals-ignore-case`, operand).toLowerCase();
    return onStrings((leaf) => has(leaf.toLowerCase(), part));
  }
  const part = text(operator, value);
  return onStrings((leaf) => has(leaf, part));
}

/** Splits a wildcard expression at its unescaped asterisks, resolving `\*` and `\\`. */
function wildcardParts(expression: string): string[] {
  const parts: string[] = [];
  let part = "";
  let afterStar = false;
  for (let at = 0; at < expression.length; at += 1) {
    const char = expression[at];
    if (char === "*") {
      if (afterStar) {
        throw new InvalidPatternError(
          `Consecutive wildcard characters at pos ${at - 1} of "${expression}"`,
        );
      }
      parts.push(part);
      part = "";
      afterStar = true;
      continue;
    }
    afterStar = false;
    if (char === "\\") {
      at += 1;
      if (expression[at] !== "*" && expression[at] !== "\\") {
        throw new InvalidPatternError(
          `Invalid escape character at pos ${at - 1} of "${expression}"`,
        );
      }
    }
    part += expression[at];
  }
  return [...parts, part];
}

/** Linear in the length of the leaf: each part is taken at its first place after the one before it. */
function wildcard(value: unknown): LeafMatcher {
  const parts = wildcardParts(text("wildcard", value));
  const first = parts[0] ?? "";
  if (parts.length === 1) return (leaf) => leaf === first;
  const last = parts[parts.length - 1] ?? "";
  const between = parts.slice(1, -1);
  return onStrings((leaf) => {
    if (!leaf.startsWith(first)) return false;
    let from = first.length;
    for (const part of between) {
      const found = leaf.indexOf(part, from);
      if (found < 0) return false;
      from = found + part.length;
    }
    return leaf.length - last.length >= from && leaf.endsWith(last);
  });
}

/** One of the string comparisons that `anything-but` can negate, over a string or a list of strings. */
function negatable(operator: string, value: unknown): LeafMatcher {
  const one = (operand: unknown): LeafMatcher => {
    switch (operator) {
      case "prefix":
      case "suffix":
        if (operand === "") throw new InvalidPatternError("Null prefix/suffix not allowed");
        return affix(operator, operand);
      case "equals-ignore-case":
        return equalsIgnoreCase(operand);
      case "wildcard":
        return wildcard(operand);
      default:
        throw new InvalidPatternError(`Unsupported anything-but pattern: ${operator}`);
    }
  };
  if (!Array.isArray(value)) return one(value);
  if (value.length === 0) throw new InvalidPatternError("Empty arrays are not allowed");
  const matchers = value.map(one);
  return (leaf) => matchers.some((matches) => matches(leaf));
}

function anythingBut(value: unknown): LeafMatcher {
  if (isObject(value)) {
    const [operator, operand] = onlyEntry(value);
    const matches = negatable(operator, operand);
    return (leaf) => !matches(leaf);
  }
  const values: unknown[] = Array.isArray(value) ? value : [value];
  const kinds = new Set(values.map((each) => typeof each));
  const [kind] = kinds;
  if (kinds.size !== 1 || (kind !== "string" && kind !== "number")) {
    throw new InvalidPatternError(
      "Inside anything-but list, either all values are number or string, mixed type is not supported",
    );
  }
  const excluded = new Set<unknown>(values);
  return (leaf) => !excluded.has(leaf);
}

const COMPARISONS: Record<string, (a: number, b: number) => boolean> = {
  "=": (a, b) => a === b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

function numeric(value: unknown): LeafMatcher {
  if (!Array.isArray(value)) throw new InvalidPatternError("Value of numeric must be an array.");
  const terms: [string, number][] = [];
  for (let at = 0; at < value.length || at === 0; at += 2) {
    const operator: unknown = value[at];
    const operand: unknown = value[at + 1];
    if (typeof operator !== "string" || !Object.hasOwn(COMPARISONS, operator)) {
      throw new InvalidPatternError(`Unrecognized numeric range operator: ${String(operator)}`);
    }
    if (typeof operand !== "number") {
      throw new InvalidPatternError(`Value of ${operator} must be numeric`);
    }
    terms.push([operator, operand]);
  }
  const [low, high, ...rest] = terms;
  if (low === undefined || rest.length > 0) {
    throw new InvalidPatternError("Too many terms in numeric range expression");
  }
  if (high !== undefined) {
    if (!low[0].startsWith(">")) {
      throw new InvalidPatternError("Too many elements in numeric expression");
    }
    if (!high[0].startsWith("<")) {
      throw new InvalidPatternError(`Bad numeric range operator: ${high[0]}`);
    }
    if (low[1] >= high[1]) throw new InvalidPatternError("Bottom must be less than top");
  }
  return (leaf) =>
    typeof leaf === "number" &&
    terms.every(([operator, operand]) => COMPARISONS[operator]?.(leaf, operand));
}

function addressRange(address: string, bits: number): LeafMatcher {
  const version = isIP(address);
  const family = version === 6 ? "ipv6" : "ipv4";
  const range = new BlockList();
  range.addSubnet(address, bits, family);
  return onStrings((leaf) => isIP(leaf) === version && range.check(leaf, family));
}

function cidr(value: unknown): LeafMatcher {
  const [address = "", mask = "", ...rest] = text("CIDR", value).split("/");
  const version = isIP(address);
  const bits = Number(mask);
  const widest = version === 6 ? 128 : 32;
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(mask) || bits > widest) {
    throw new InvalidPatternError(`Malformed CIDR, one '/' required: ${String(value)}`);
  }
  return addressRange(address, bits);
}

/**
 * Compiles one element of a pattern's array, `{"exists": false}` excepted: that one looks at the whole event and
 * is compiled by `compilePattern` itself. A bare IP address matches whatever notation the event uses for it.
 */
export function compileOperator(element: unknown): LeafMatcher {
  if (typeof element === "string") {
    const version = isIP(element);
    if (version !== 0) return addressRange(element, version === 6 ? 128 : 32);
    return (leaf) => leaf === element;
  }
  if (typeof element === "number" || typeof element === "boolean" || element === null) {
    return (leaf) => leaf === element;
  }
  if (!isObject(element)) {
    throw new InvalidPatternError("Match value must be String, number, true, false, or null");
  }
  const [operator, operand] = onlyEntry(element);
  switch (operator) {
    case "exactly": {
      const wanted = text("exact", operand);
      return (leaf) => leaf === wanted;
    }
    case "prefix":
    case "suffix":
      return affix(operator, operand);
    case "equals-ignore-case":
      return equalsIgnoreCase(operand);
    case "wildcard":
      return wildcard(operand);
    case "anything-but":
      return anythingBut(operand);
    case "numeric":
      return numeric(operand);
    case "cidr":
      return cidr(operand);
    case "exists":
      if (operand === true) return () => true;
      throw new InvalidPatternError("exists match pattern must be either true or false.");
    default:
      throw new InvalidPatternError(`Unrecognized match type ${operator}`);
  }
}
