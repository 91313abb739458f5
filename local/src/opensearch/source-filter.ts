import { parsingError, unknownKey } from "./errors.ts";
import { asArray, isObject, type Json, type JsonObject } from "./json.ts";
import { matcher } from "./names.ts";

/** Which parts of a document an answer shows; `all` is the document as it was sent, byte by byte. */
export type SourceFilter = "all" | "none" | { includes: string[]; excludes: string[] };

export function parseSourceFilter(given: Json | undefined): SourceFilter {
  if (given === undefined || given === true || given === null || given === "true") return "all";
  if (given === false || given === "false") return "none";
  if (typeof given === "string") return { includes: given.split(","), excludes: [] };
  if (Array.isArray(given)) return { includes: given.map(String), excludes: [] };
  if (!isObject(given)) throw parsingError("Unknown key for a VALUE_NUMBER in [_source].");
  for (const key of Object.keys(given)) {
    if (!["include", "includes", "exclude", "excludes"].includes(key))
      throw unknownKey("_source", key);
  }
  return {
    includes: asArray(given.includes ?? given.include).map(String),
    excludes: asArray(given.excludes ?? given.exclude).map(String),
  };
}

type Test = (path: string) => boolean;

/** A pattern names a field and everything below it. */
function matchesAny(patterns: string[]): Test {
  const tests = patterns.flatMap((pattern) => [matcher(pattern), matcher(`${pattern}.*`)]);
  return (path) => tests.some((test) => test(path));
}

function prune(value: Json, path: string, included: Test, excluded: Test): Json | undefined {
  if (path !== "" && excluded(path)) return undefined;
  if (Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null)) {
    const kept = value.flatMap((item) => prune(item, path, included, excluded) ?? []);
    return kept.length > 0 ? kept : undefined;
  }
  if (!isObject(value)) return included(path) ? value : undefined;
  const kept: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    const shown = prune(inner, path === "" ? key : `${path}.${key}`, included, excluded);
    if (shown !== undefined) kept[key] = shown;
  }
  const empty = Object.keys(kept).length === 0;
  return empty && path !== "" && !included(path) ? undefined : kept;
}

/** The JSON text of what the filter shows of a document, undefined when it shows nothing at all. */
export function filterSource(source: string, filter: SourceFilter): string | undefined {
  if (filter === "all") return source;
  if (filter === "none") return undefined;
  const included = filter.includes.length === 0 ? () => true : matchesAny(filter.includes);
  const excluded = matchesAny(filter.excludes);
  return JSON.stringify(prune(JSON.parse(source) as Json, "", included, excluded) ?? {});
}
