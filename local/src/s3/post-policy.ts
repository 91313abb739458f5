import { accessDenied, S3Error } from "./s3-error.ts";

/** The fields of a form by lower-case name, with `bucket` and `key` among them. */
export type FormFields = ReadonlyMap<string, string>;

export interface SizeRange {
  min: number;
  max: number;
}

const UNCONDITIONED = ["x-amz-signature", "file", "policy"];

/**
 * Checks a form against its policy and returns the size that the file may have.
 * Source: "POST policy" of the Amazon S3 API reference.
 *
 * @throws S3Error AccessDenied (expired, a condition failed, a field without one),
 * InvalidPolicyDocument
 */
export function checkPolicy(
  encoded: string,
  fields: FormFields,
  now: number,
): SizeRange | undefined {
  const policy = parsePolicy(encoded);
  if (policy.expiration <= now) throw accessDenied("Invalid according to Policy: Policy expired.");
  const conditioned = new Set<string>();
  let range: SizeRange | undefined;
  for (const condition of policy.conditions) {
    const parsed = parseCondition(condition);
    if (parsed.kind === "content-length-range") {
      // Several ranges must all hold.
      range = {
        min: Math.max(range?.min ?? 0, parsed.min),
        max: Math.min(range?.max ?? Number.MAX_SAFE_INTEGER, parsed.max),
      };
      continue;
    }
    conditioned.add(parsed.field);
    if (!holds(parsed, fields.get(parsed.field))) {
      const shown = JSON.stringify([parsed.kind, `$${parsed.field}`, parsed.value]);
      throw accessDenied(`Invalid according to Policy: Policy Condition failed: ${shown}`);
    }
  }
  const extra = [...fields.keys()].filter(
    (name) =>
      !conditioned.has(name) && !UNCONDITIONED.includes(name) && !name.startsWith("x-ignore-"),
  );
  if (extra.length > 0)
    throw accessDenied(`Invalid according to Policy: Extra input fields: ${extra.join(", ")}`);
  return range;
}

type Condition =
  | { kind: "eq" | "starts-with"; field: string; value: string }
  | ({ kind: "content-length-range" } & SizeRange);

function holds(
  condition: Extract<Condition, { field: string }>,
  actual: string | undefined,
): boolean {
  if (actual === undefined) return false;
  if (condition.kind === "eq") return actual === condition.value;
  // A comma-separated Content-Type is a list, and each of its items has to match.
  const items = condition.field === "content-type" ? actual.split(",") : [actual];
  return items.every((item) => item.startsWith(condition.value));
}

function parsePolicy(encoded: string): { expiration: number; conditions: unknown[] } {
  let policy: unknown;
  try {
    policy = JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
  } catch {
    throw invalidPolicy("Invalid JSON.");
  }
  if (typeof policy !== "object" || policy === null) throw invalidPolicy("Invalid JSON.");
  const { expiration, conditions, ...rest } = policy as Record<string, unknown>;
  if (Object.keys(rest).length > 0) throw invalidPolicy(`Unexpected: '${Object.keys(rest)[0]}'`);
  const time = typeof expiration === "string" ? Date.parse(expiration) : Number.NaN;
  if (typeof expiration !== "string") throw invalidPolicy("Policy missing expiration.");
  if (Number.isNaN(time) || !/^\d{4}-\d\d-\d\dT.*Z$/.test(expiration)) {
    throw invalidPolicy(`Invalid 'expiration' value: '${expiration}'`);
  }
  if (!Array.isArray(conditions)) throw invalidPolicy("Policy missing conditions.");
  return { expiration: time, conditions };
}

function parseCondition(condition: unknown): Condition {
  if (Array.isArray(condition)) {
    const [operator, first, second] = condition;
    const kind = typeof operator === "string" ? operator.toLowerCase() : "";
    if (condition.length !== 3)
      throw invalidPolicy("Invalid Condition: wrong number of arguments.");
    if (kind === "content-length-range") {
      const [min, max] = [Number(first), Number(second)];
      if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min < 0)
        throw invalidPolicy("Invalid content-length-range.");
      return { kind, min, max };
    }
    if (kind !== "eq" && kind !== "starts-with")
      throw invalidPolicy(`Invalid Condition: unknown operation '${operator}'.`);
    if (typeof first !== "string" || !first.startsWith("$") || typeof second !== "string") {
      throw invalidPolicy("Invalid Condition: expecting a $field and a text.");
    }
    return { kind, field: first.slice(1).toLowerCase(), value: second };
  }
  const entries =
    typeof condition === "object" && condition !== null ? Object.entries(condition) : [];
  const [entry] = entries;
  if (!entry || entries.length !== 1 || typeof entry[1] !== "string") {
    throw invalidPolicy(
      "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
    );
  }
  return { kind: "eq", field: entry[0].toLowerCase(), value: entry[1] };
}

const invalidPolicy = (why: string) =>
  new S3Error(400, "InvalidPolicyDocument", `Invalid Policy: ${why}`);
