import { illegalArgument, notSupported } from "../errors.ts";
import { asArray, isObject, type Json, type JsonObject } from "../json.ts";
import { foldToAscii } from "./ascii-folding.ts";
import { standardTokens } from "./standard-tokenizer.ts";

/** Turns the text of a field into its terms; a normalizer gives exactly one. */
export type Analyzer = (text: string) => string[];
export type Normalizer = (text: string) => string;
export type Analysis = { analyzers: Map<string, Analyzer>; normalizers: Map<string, Normalizer> };
type Filter = (token: string) => string;

// Lucene lowercases each code point alone: no final sigma, and a dotted capital I gives a plain i.
function lowercase(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is "all of ASCII".
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return Array.from(text, (character) =>
    String.fromCodePoint(character.toLowerCase().codePointAt(0) ?? 0),
  ).join("");
}

const FILTERS: Record<string, Filter> = { lowercase, asciifolding: foldToAscii };
const TOKENIZERS: Record<string, Analyzer> = {
  standard: standardTokens,
  keyword: (text) => (text === "" ? [] : [text]),
  whitespace: (text) => text.split(/\s+/u).filter((token) => token !== ""),
};

function filtersOf(owner: string, definition: JsonObject): Filter[] {
  return asArray(definition.filter).map((name) => {
    const filter = FILTERS[String(name)];
    if (!filter) throw notSupported(`the token filter [${String(name)}] of [${owner}]`);
    return filter;
  });
}

function onlyKeys(owner: string, definition: JsonObject, keys: string[]): void {
  for (const key of Object.keys(definition)) {
    if (!keys.includes(key)) throw notSupported(`[${key}] in the definition of [${owner}]`);
  }
}

function definitions(section: Json | undefined): [string, JsonObject][] {
  if (section === undefined) return [];
  if (!isObject(section)) throw illegalArgument("analysis settings must be objects");
  return Object.entries(section).map(([name, definition]) => {
    if (!isObject(definition)) throw illegalArgument(`[${name}] must be an object`);
    return [name, definition];
  });
}

function customAnalyzer(name: string, definition: JsonObject): Analyzer {
  onlyKeys(name, definition, ["type", "tokenizer", "filter", "char_filter"]);
  if (definition.type !== undefined && definition.type !== "custom") {
    throw notSupported(`the analyzer type [${String(definition.type)}] of [${name}]`);
  }
  if (asArray(definition.char_filter).length > 0) throw notSupported(`char_filter in [${name}]`);
  if (typeof definition.tokenizer !== "string") {
    throw illegalArgument(
      `analyzer [${name}] must specify either an analyzer type, or a tokenizer`,
    );
  }
  const tokenizer = TOKENIZERS[definition.tokenizer];
  if (!tokenizer) throw notSupported(`the tokenizer [${definition.tokenizer}] of [${name}]`);
  const filters = filtersOf(name, definition);
  return (text) =>
    tokenizer(text).map((token) => filters.reduce((value, filter) => filter(value), token));
}

function customNormalizer(name: string, definition: JsonObject): Normalizer {
  onlyKeys(name, definition, ["type", "filter", "char_filter"]);
  if (asArray(definition.char_filter).length > 0) throw notSupported(`char_filter in [${name}]`);
  const filters = filtersOf(name, definition);
  return (text) => filters.reduce((value, filter) => filter(value), text);
}

/** Builds the analyzers and normalizers of an index from its `analysis` settings, beside the built-in ones. */
export function buildAnalysis(settings: Json | undefined): Analysis {
  const analyzers = new Map<string, Analyzer>([
    ["standard", (text) => standardTokens(text).map(lowercase)],
    ["default", (text) => standardTokens(text).map(lowercase)],
    ["keyword", (text) => (text === "" ? [] : [text])],
    ["whitespace", (text) => text.split(/\s+/u).filter((token) => token !== "")],
  ]);
  const normalizers = new Map<string, Normalizer>([["lowercase", lowercase]]);
  if (settings !== undefined && !isObject(settings)) {
    throw illegalArgument("analysis settings must be objects");
  }
  const analysis = settings ?? {};
  for (const key of Object.keys(analysis)) {
    if (key !== "analyzer" && key !== "normalizer") throw notSupported(`analysis.${key}`);
  }
  for (const [name, definition] of definitions(analysis.analyzer)) {
    analyzers.set(name, customAnalyzer(name, definition));
  }
  for (const [name, definition] of definitions(analysis.normalizer)) {
    normalizers.set(name, customNormalizer(name, definition));
  }
  return { analyzers, normalizers };
}
