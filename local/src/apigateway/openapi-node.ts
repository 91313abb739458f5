import type { OpenApiNode } from "./spec.ts";

/** The value as an object of the document, undefined when it is absent. @throws Error naming where it is something else */
export function objectAt(value: unknown, where: string): OpenApiNode | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`${where} is not an object.`);
  }
  return value as OpenApiNode;
}

/** The entries of an object whose values are all strings; empty when it is absent. */
export function stringsAt(value: unknown, where: string): Record<string, string> {
  const strings: Record<string, string> = {};
  for (const [key, entry] of Object.entries(objectAt(value, where) ?? {})) {
    if (typeof entry !== "string") throw new Error(`${where} has ${key}, which is not a string.`);
    strings[key] = entry;
  }
  return strings;
}

/** @throws Error naming the first key that is not among the known ones */
export function onlyKeys(node: OpenApiNode, known: string[], where: string): void {
  const unknown = Object.keys(node).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Error(`${where} has ${unknown}, which is not supported.`);
}
