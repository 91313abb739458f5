import { OpenSearchError } from "./errors.ts";

export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const LONG_NUMERAL = /\d{17}/;

/** Keeps a whole number that a double cannot hold as its digits; it would otherwise be rounded silently. */
function keepDigits(_key: string, value: unknown, context: { source?: string }): unknown {
  const rounded =
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  return rounded && /^-?\d+$/.test(context.source ?? "") ? context.source : value;
}

/** Parses JSON text, or refuses it as OpenSearch does (400 `json_parse_exception`). */
export function parseJson(text: string): Json {
  try {
    const reviver = keepDigits as (key: string, value: unknown) => unknown;
    return JSON.parse(text, LONG_NUMERAL.test(text) ? reviver : undefined) as Json;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OpenSearchError(400, { type: "json_parse_exception", reason });
  }
}

/** The body of a request that takes an object; an absent body is an empty object. */
export function parseBody(text: string): JsonObject {
  if (text.trim() === "") return {};
  const value = parseJson(text);
  if (!isObject(value)) {
    throw new OpenSearchError(400, {
      type: "parsing_exception",
      reason: "Expected [START_OBJECT] but found something else",
    });
  }
  return value;
}

export function asArray(value: Json | undefined): Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
