import type { Analysis, Analyzer, Normalizer } from "./analysis/analyzers.ts";
import { type ErrorDetail, illegalArgument, notSupported, OpenSearchError } from "./errors.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

const NUMBERS = ["long", "integer", "short", "byte", "double", "float"] as const;
const TYPES = ["keyword", "text", "date", "boolean", ...NUMBERS] as const;
export type FieldType = (typeof TYPES)[number];

/** A mapped field that holds values: a property of the document or one of its multi-fields. */
export type Field = {
  path: string;
  type: FieldType;
  /** The number of its column and tables in the index's database; never reused. */
  slot: number;
  /** Whether queries may use it; a field that is neither indexed nor in doc values lives in _source only. */
  searchable: boolean;
  indexed: boolean;
  docValues: boolean;
  ignoreAbove: number;
  normalizer: Normalizer;
  analyzer: Analyzer;
  searchAnalyzer: Analyzer;
};
export type Dynamic = "strict" | "false" | "true";
export type LeafNode = { kind: "leaf"; fields: Field[] };
export type ObjectNode = {
  kind: "object";
  path: string;
  enabled: boolean;
  dynamic: Dynamic;
  children: Map<string, LeafNode | ObjectNode>;
};
/** A mapping, parsed; immutable: a change of the mapping makes a new one. */
export type Schema = { root: ObjectNode; fields: Map<string, Field> };

const LEAF_PARAMETERS: Record<string, readonly string[]> = {
  keyword: ["ignore_above", "normalizer", "eager_global_ordinals"],
  text: ["analyzer", "search_analyzer"],
  date: ["format"],
};
const KNOWN_ELSEWHERE = new Set(
  "boost coerce copy_to fielddata fielddata_frequency_filter ignore_malformed index_options index_phrases index_prefixes locale norms null_value position_increment_gap search_quote_analyzer similarity split_queries_on_whitespace store term_vector".split(
    " ",
  ),
);
const OTHER_TYPES = new Set(
  "alias binary completion constant_keyword date_nanos date_range derived double_range flat_object float_range geo_point geo_shape half_float integer_range ip ip_range join knn_vector long_range nested percolator rank_feature rank_features scaled_float search_as_you_type token_count unsigned_long wildcard xy_point xy_shape".split(
    " ",
  ),
);
const DATE_FORMATS = new Set([
  "strict_date_optional_time||epoch_millis",
  "strict_date_optional_time",
  "epoch_millis",
]);

function mappingError(reason: string): OpenSearchError {
  const cause: ErrorDetail = { type: "mapper_parsing_exception", reason };
  const detail = { ...cause, reason: `Failed to parse mapping [_doc]: ${reason}` };
  return new OpenSearchError(400, { ...detail, caused_by: cause }, cause);
}

function badAnalysis(kind: string, name: Json, path: string): OpenSearchError {
  const reason =
    kind === "analyzer"
      ? `analyzer [${String(name)}] has not been configured in mappings`
      : `normalizer [${String(name)}] not found for field [${path}]`;
  const detail = {
    type: "mapper_parsing_exception",
    reason: `Failed to parse mapping [_doc]: ${reason}`,
  };
  return new OpenSearchError(
    400,
    {
      ...detail,
      caused_by: {
        type: kind === "analyzer" ? "illegal_argument_exception" : "mapper_parsing_exception",
        reason,
      },
    },
    detail,
  );
}

function flag(definition: JsonObject, key: string): boolean {
  const value = definition[key] ?? true;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw mappingError(`Could not convert [${key}] to boolean`);
}

function checkParameters(path: string, type: string, definition: JsonObject): void {
  const allowed = [
    "type",
    "fields",
    "index",
    "doc_values",
    "meta",
    ...(LEAF_PARAMETERS[type] ?? []),
  ];
  for (const key of Object.keys(definition)) {
    if (allowed.includes(key)) continue;
    if (KNOWN_ELSEWHERE.has(key)) throw notSupported(`the mapping parameter [${key}] of [${path}]`);
    const name = path.slice(path.lastIndexOf(".") + 1);
    throw mappingError(`unknown parameter [${key}] on mapper [${name}] of type [${type}]`);
  }
}

/** Parses a mapping; `slotOf` gives the stable number of a field by its path. */
export function parseMapping(
  mapping: JsonObject,
  analysis: Analysis,
  slotOf: (path: string) => number,
): Schema {
  const fields = new Map<string, Field>();

  function analyzer(name: Json | undefined, fallback: Analyzer): Analyzer {
    if (name === undefined) return fallback;
    const found = analysis.analyzers.get(String(name));
    if (!found) throw badAnalysis("analyzer", name, "");
    return found;
  }

  function leaf(path: string, definition: JsonObject, multi: boolean): Field[] {
    const type = TYPES.find((known) => known === definition.type);
    const name = path.slice(path.lastIndexOf(".") + 1);
    if (!type) {
      const given = String(definition.type);
      if (OTHER_TYPES.has(given)) throw notSupported(`the field type [${given}] of [${path}]`);
      throw mappingError(`No handler for type [${given}] declared on field [${name}]`);
    }
    checkParameters(path, type, definition);
    if (definition.format !== undefined && !DATE_FORMATS.has(String(definition.format))) {
      throw notSupported(`the date format [${String(definition.format)}] of [${path}]`);
    }
    const indexed = flag(definition, "index");
    const docValues = type !== "text" && flag(definition, "doc_values");
    const main = analyzer(definition.analyzer, analysis.analyzers.get("default") ?? (() => []));
    const normalizer =
      definition.normalizer === undefined
        ? (text: string) => text
        : analysis.normalizers.get(String(definition.normalizer));
    if (!normalizer) throw badAnalysis("normalizer", definition.normalizer ?? null, name);
    const ignoreAbove = definition.ignore_above ?? Number.MAX_SAFE_INTEGER;
    if (typeof ignoreAbove !== "number") throw mappingError("[ignore_above] must be a number");
    const field: Field = {
      path,
      type,
      slot: slotOf(path),
      searchable: indexed || docValues,
      indexed,
      docValues,
      ignoreAbove,
      normalizer,
      analyzer: main,
      searchAnalyzer: analyzer(definition.search_analyzer, main),
    };
    fields.set(path, field);
    if (definition.fields === undefined) return [field];
    if (multi || !isObject(definition.fields)) throw mappingError(`invalid [fields] of [${path}]`);
    const others = Object.entries(definition.fields).flatMap(([key, value]) => {
      if (!isObject(value)) throw mappingError(`invalid multi-field [${key}] of [${path}]`);
      return leaf(`${path}.${key}`, value, true);
    });
    return [field, ...others];
  }

  function object(path: string, definition: JsonObject, inherited: Dynamic): ObjectNode {
    for (const key of Object.keys(definition)) {
      if (["type", "dynamic", "enabled", "properties"].includes(key)) continue;
      if (path === "" && key === "_meta") continue;
      throw path === "" && !key.startsWith("_") && key !== "dynamic_templates"
        ? mappingError(
            `Root mapping definition has unsupported parameters:  [${key} : ${String(definition[key])}]`,
          )
        : notSupported(`the mapping parameter [${key}]${path && ` of [${path}]`}`);
    }
    const given = definition.dynamic === undefined ? inherited : String(definition.dynamic);
    if (given !== "strict" && given !== "false" && given !== "true") {
      throw notSupported(`dynamic [${given}]`);
    }
    const properties = definition.properties ?? {};
    if (!isObject(properties)) throw mappingError("Expected map for property [properties]");
    const children = new Map<string, LeafNode | ObjectNode>();
    for (const [key, value] of Object.entries(properties)) {
      const childPath = path === "" ? key : `${path}.${key}`;
      if (!isObject(value)) {
        throw mappingError(`Expected map for property [properties] on field [${key}]`);
      }
      if (key.includes(".")) throw notSupported(`dots in the property name [${key}]`);
      const isLeaf = value.type !== undefined && value.type !== "object";
      if (
        !isLeaf &&
        value.type === undefined &&
        value.properties === undefined &&
        value.enabled === undefined &&
        value.dynamic === undefined
      ) {
        throw mappingError(`No type specified for field [${key}]`);
      }
      children.set(
        key,
        isLeaf
          ? { kind: "leaf", fields: leaf(childPath, value, false) }
          : object(childPath, value, given),
      );
    }
    return { kind: "object", path, enabled: flag(definition, "enabled"), dynamic: given, children };
  }

  return { root: object("", mapping, "true"), fields };
}

/** Adds the properties of `update` to a mapping, refusing to change what is mapped already. */
export function mergeMapping(current: JsonObject, update: JsonObject, path = ""): JsonObject {
  const merged: JsonObject = { ...current };
  for (const [key, value] of Object.entries(update)) {
    const before = current[key];
    if ((key === "properties" || key === "fields") && isObject(value)) {
      merged[key] = mergeProperties(isObject(before) ? before : {}, value, path);
    } else if (before !== undefined && key === "type" && before !== value) {
      throw illegalArgument(
        `mapper [${path}] cannot be changed from type [${String(before)}] to [${String(value)}]`,
      );
    } else if (path !== "" && key !== "type" && JSON.stringify(before) !== JSON.stringify(value)) {
      throw notSupported(`changing [${key}] of the mapped field [${path}]`);
    } else {
      merged[key] = value;
    }
  }
  return merged;
}

function mergeProperties(current: JsonObject, update: JsonObject, path: string): JsonObject {
  const merged: JsonObject = { ...current };
  for (const [name, definition] of Object.entries(update)) {
    const before = current[name];
    const childPath = path === "" ? name : `${path}.${name}`;
    merged[name] =
      isObject(before) && isObject(definition)
        ? mergeMapping(before, definition, childPath)
        : definition;
  }
  return merged;
}
