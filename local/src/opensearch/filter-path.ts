import { notSupported } from "./errors.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

/** The names that an answer keeps and what it keeps below each; nothing below one means all of it. */
export type FilterPath = Map<string, FilterPath>;

/** @throws 501 for wildcards and exclusions */
export function parseFilterPath(given: string | null): FilterPath | undefined {
  if (given === null) return undefined;
  const root: FilterPath = new Map();
  for (const path of given.split(",")) {
    if (/\*|^-/.test(path)) throw notSupported(`[${path}] in filter_path`);
    let at = root;
    for (const name of path.split(".")) {
      const below = at.get(name) ?? new Map();
      at.set(name, below);
      at = below;
    }
  }
  return root;
}

/** What the paths lead to, through arrays without naming them; undefined when that is nothing. */
export function filterByPath(value: Json, paths: FilterPath): Json | undefined {
  if (paths.size === 0) return value;
  if (Array.isArray(value)) {
    const kept = value.flatMap((item) => filterByPath(item, paths) ?? []);
    return kept.length > 0 ? kept : undefined;
  }
  if (!isObject(value)) return undefined;
  const kept: JsonObject = {};
  for (const [name, below] of paths) {
    const inner = value[name];
    const shown = inner === undefined ? undefined : filterByPath(inner, below);
    if (shown !== undefined) kept[name] = shown;
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}
