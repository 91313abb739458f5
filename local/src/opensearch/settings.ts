import { buildAnalysis } from "./analysis/analyzers.ts";
import { illegalArgument, notSupported } from "./errors.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

/** Settings of an index as a flat map, the keys without `index.`; values as OpenSearch prints them (strings, lists). */
export type Settings = Record<string, Json>;

const DYNAMIC = new Set([
  "refresh_interval",
  "number_of_replicas",
  "gc_deletes",
  "max_result_window",
  "auto_expand_replicas",
  "translog.durability",
  "translog.sync_interval",
  "blocks.write",
  // Taken and not acted on: nothing here is logged as slow.
  "search.slowlog.threshold.query.warn",
  "search.slowlog.threshold.fetch.warn",
  "indexing.slowlog.threshold.index.warn",
]);
const STATIC = new Set(["number_of_shards", "codec", "hidden"]);
const REFUSED = new Set(["blocks.write", "hidden"]);
const DURATION = /^(\d+)(ms|s|m|h|d|micros|nanos)$/;
const UNIT_MILLIS: Record<string, number> = {
  nanos: 1e-6,
  micros: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of a time value such as `30s`. `-1` and `0` need no unit. */
export function parseDuration(value: Json, setting: string): number {
  const text = String(value);
  if (text === "-1" || text === "0") return Number(text);
  const [, amount, unit] = DURATION.exec(text) ?? [];
  if (amount === undefined || unit === undefined) {
    throw illegalArgument(
      `failed to parse setting [${setting}] with value [${text}] as a time value: unit is missing or unrecognized`,
    );
  }
  return Number(amount) * (UNIT_MILLIS[unit] ?? 1);
}

function flatten(value: JsonObject, prefix: string, into: Settings): Settings {
  for (const [key, inner] of Object.entries(value)) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (isObject(inner)) flatten(inner, path, into);
    else if (inner === null) into[path] = null;
    else into[path] = Array.isArray(inner) ? inner.map(String) : String(inner);
  }
  return into;
}

/** Flattens and checks the settings given in a request. A `null` resets a setting to its default. */
export function parseSettings(
  given: Json | undefined,
  onlyDynamic: boolean,
  indexId = "",
): Settings {
  if (given !== undefined && !isObject(given)) throw illegalArgument("settings must be an object");
  const settings: Settings = {};
  for (const [path, value] of Object.entries(flatten(given ?? {}, "", {}))) {
    const key = path.startsWith("index.") ? path.slice(6) : path;
    const analysis = key.startsWith("analysis.");
    if (!DYNAMIC.has(key) && !STATIC.has(key) && !analysis) {
      throw illegalArgument(
        `unknown setting [index.${key}] please check that any required plugins are installed, or check the breaking changes documentation for removed settings`,
      );
    }
    if (REFUSED.has(key) && value !== null && value !== "false") throw notSupported(`index.${key}`);
    if (onlyDynamic && !DYNAMIC.has(key)) {
      throw illegalArgument(
        `Can't update non dynamic settings [[index.${key}]] for open indices [[${indexId}]]`,
      );
    }
    if (key === "refresh_interval" || key === "gc_deletes" || key.includes(".slowlog.")) {
      if (value !== null) parseDuration(value, `index.${key}`);
    }
    if (key === "number_of_shards" && !(Number(value) >= 1)) {
      throw illegalArgument(
        `Failed to parse value [${String(value)}] for setting [index.number_of_shards] must be >= 1`,
      );
    }
    settings[key] = value;
  }
  return settings;
}

/** The nested form of flat settings, as `GET /index/_settings` prints it. */
export function nestSettings(settings: Settings): JsonObject {
  const root: JsonObject = {};
  for (const [path, value] of Object.entries(settings)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let node = root;
    for (const key of keys) {
      const inner = node[key];
      const next: JsonObject = isObject(inner) ? inner : {};
      node[key] = next;
      node = next;
    }
    node[last] = value;
  }
  return root;
}

/** The analyzers that the settings declare. */
export function analysisOf(settings: Settings): ReturnType<typeof buildAnalysis> {
  return buildAnalysis(nestSettings(settings).analysis);
}
