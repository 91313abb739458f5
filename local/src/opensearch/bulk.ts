import type { Cluster } from "./cluster.ts";
import { applyWrite, parseVersionType, validateWrite, type Write } from "./documents.ts";
import { illegalArgument, notSupported, OpenSearchError, validationFailed } from "./errors.ts";
import type { Index } from "./indices.ts";
import { isObject, type Json, type JsonObject, parseJson } from "./json.ts";

type Action = Write["action"];
type Item = { indexName: string; requireAlias: boolean; write: Write };

const ACTIONS = ["create", "delete", "index", "update"];
const KEYS = [
  "_index",
  "_id",
  "version",
  "version_type",
  "if_seq_no",
  "if_primary_term",
  "require_alias",
];
const ELSEWHERE = [
  "routing",
  "_routing",
  "pipeline",
  "dynamic_templates",
  "retry_on_conflict",
  "_source",
  "_type",
];

function optionalNumber(value: Json | undefined): number | undefined {
  return value === undefined || value === null ? undefined : Number(value);
}

function parseAction(line: string, number: number): [Action, JsonObject] {
  const parsed = parseJson(line);
  if (!isObject(parsed)) {
    throw illegalArgument(
      `Malformed action/metadata line [${number}], expected START_OBJECT but found something else`,
    );
  }
  const [entry] = Object.entries(parsed);
  if (!entry || !ACTIONS.includes(entry[0])) {
    throw illegalArgument(
      `Malformed action/metadata line [${number}], expected one of [create, delete, index, update] but found [${entry?.[0] ?? ""}]`,
    );
  }
  const [action, metadata] = entry;
  if (action === "update") throw notSupported("update in a bulk request");
  if (!isObject(metadata)) {
    throw illegalArgument(`Malformed action/metadata line [${number}], expected START_OBJECT`);
  }
  for (const key of Object.keys(metadata)) {
    if (KEYS.includes(key)) continue;
    if (ELSEWHERE.includes(key)) throw notSupported(`[${key}] in a bulk request`);
    throw illegalArgument(
      `Action/metadata line [${number}] contains an unknown parameter [${key}]`,
    );
  }
  return [action as Action, metadata];
}

/** Splits the lines of a bulk; every line, the last one too, must end with a newline. */
export function parseBulk(text: string, defaultIndex: string | undefined): Item[] {
  if (text === "") {
    throw new OpenSearchError(400, { type: "parse_exception", reason: "request body is required" });
  }
  if (!text.endsWith("\n")) {
    throw illegalArgument("The bulk request must be terminated by a newline [\\n]");
  }
  const lines = text.split("\n");
  lines.pop();
  const items: Item[] = [];
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? "";
    if (line.trim() === "") continue;
    const [action, metadata] = parseAction(line, i + 1);
    const indexName = metadata._index === undefined ? defaultIndex : String(metadata._index);
    if (indexName === undefined) throw validationFailed("index is missing");
    let source = "";
    if (action !== "delete") {
      i += 1;
      const next = lines[i];
      // OpenSearch drops an action whose document is missing at the end.
      if (next === undefined) break;
      source = next.endsWith("\r") ? next.slice(0, -1) : next;
    } else if (metadata._id === undefined) {
      throw validationFailed("an id is required for a delete operation");
    }
    const write: Write = {
      action,
      id: metadata._id === undefined || metadata._id === null ? undefined : String(metadata._id),
      version: optionalNumber(metadata.version),
      versionType: parseVersionType(
        metadata.version_type === undefined ? undefined : String(metadata.version_type),
      ),
      ifSeqNo: optionalNumber(metadata.if_seq_no),
      ifPrimaryTerm: optionalNumber(metadata.if_primary_term),
      source,
    };
    validateWrite(write);
    items.push({ indexName, requireAlias: metadata.require_alias === true, write });
  }
  if (items.length === 0) throw validationFailed("no requests added");
  return items;
}

function aliasRequired(name: string): OpenSearchError {
  return new OpenSearchError(404, {
    type: "index_not_found_exception",
    reason: `no such index [${name}] and [require_alias] request flag is [true] and [${name}] is not an alias`,
    index: name,
    index_uuid: "_na_",
  });
}

function failure(item: Item, indexName: string, error: OpenSearchError): JsonObject {
  return {
    [item.write.action]: {
      _index: indexName,
      _id: item.write.id ?? null,
      status: error.status,
      error: error.detail as JsonObject,
    },
  };
}

/**
 * Applies the items, those of an index in order and in one transaction. One that fails is reported in its place
 * and stops no other.
 * @returns the answer's `items` and the indices that were written to
 */
export function runBulk(cluster: Cluster, items: Item[], now: number, refreshed: boolean) {
  const results: JsonObject[] = new Array(items.length);
  const perIndex = new Map<Index, number[]>();
  let errors = false;
  items.forEach((item, i) => {
    try {
      if (item.requireAlias && !cluster.aliases.some(({ name }) => name === item.indexName)) {
        throw aliasRequired(item.indexName);
      }
      const index = cluster.resolveWrite(item.indexName);
      const positions = perIndex.get(index);
      if (positions) positions.push(i);
      else perIndex.set(index, [i]);
    } catch (error) {
      if (!(error instanceof OpenSearchError)) throw error;
      errors = true;
      results[i] = failure(item, item.indexName, error);
    }
  });
  const apply = (index: Index, item: Item): JsonObject => {
    try {
      const { status, body } = applyWrite(index, item.write, now);
      const forced: JsonObject = refreshed ? { forced_refresh: true } : {};
      return { [item.write.action]: { ...body, ...forced, status } };
    } catch (error) {
      if (!(error instanceof OpenSearchError)) throw error;
      errors = true;
      return failure(item, index.name, error);
    }
  };
  for (const [index, positions] of perIndex) {
    index.store.transaction(() => {
      for (const i of positions) {
        const item = items[i];
        if (item) results[i] = apply(index, item);
      }
    });
  }
  return { items: results, errors, indices: [...perIndex.keys()] };
}
