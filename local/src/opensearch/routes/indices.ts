import { illegalArgument, notSupported, OpenSearchError } from "../errors.ts";
import type { Alias, Index } from "../indices.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { mergeMapping } from "../mapping.ts";
import { checkIndexName } from "../names.ts";
import { nestSettings, parseSettings, type Settings } from "../settings.ts";
import { aliasesByIndex, parseAliasOptions } from "./aliases.ts";
import { type Answer, flag, ok, type Request, type Route } from "./request.ts";

// The version id of 2.19.1 as its indices carry it.
const CREATED_VERSION = "136407927";

function shownSettings(index: Index): Settings {
  return {
    ...Object.fromEntries(Object.entries(index.settings).filter(([, value]) => value !== null)),
    creation_date: String(index.createdAt),
    number_of_replicas: index.settings.number_of_replicas ?? "1",
    number_of_shards: index.settings.number_of_shards ?? "1",
    provided_name: index.name,
    "replication.type": "DOCUMENT",
    uuid: index.uuid,
    "version.created": CREATED_VERSION,
  };
}

function settingsJson(index: Index, flat: boolean): JsonObject {
  const settings = shownSettings(index);
  if (!flat) return { index: nestSettings(settings) };
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`index.${key}`, value]),
  );
}

/** Mappings are printed with their properties in the order of names. */
function sorted(mapping: Json): Json {
  if (!isObject(mapping)) return mapping;
  const shown: JsonObject = {};
  for (const [key, value] of Object.entries(mapping)) {
    shown[key] =
      isObject(value) && key === "properties"
        ? Object.fromEntries(
            Object.keys(value)
              .sort()
              .map((name) => [name, sorted(value[name] ?? null)]),
          )
        : value;
  }
  return shown;
}

function object(body: JsonObject, key: string): JsonObject {
  const value = body[key] ?? {};
  if (isObject(value)) return value;
  throw new OpenSearchError(400, {
    type: "parse_exception",
    reason: `key [${key}] must be an object`,
  });
}

function createIndex({ cluster, names, now, ...request }: Request): Answer {
  const name = names.index ?? "";
  checkIndexName(name);
  const body = request.json();
  for (const key of Object.keys(body)) {
    if (["settings", "mappings", "aliases"].includes(key)) continue;
    throw new OpenSearchError(400, {
      type: "parse_exception",
      reason: `unknown key [${key}] for create index`,
    });
  }
  const existing = cluster.indices.get(name);
  if (existing) {
    throw new OpenSearchError(400, {
      type: "resource_already_exists_exception",
      reason: `index [${name}/${existing.uuid}] already exists`,
      index: name,
      index_uuid: existing.uuid,
    });
  }
  if (cluster.aliases.some((alias) => alias.name === name)) {
    throw new OpenSearchError(400, {
      type: "invalid_index_name_exception",
      reason: `Invalid index name [${name}], already exists as alias`,
      index: name,
      index_uuid: "_na_",
    });
  }
  const aliases = Object.entries(object(body, "aliases")).map(
    ([alias, options]): Alias => ({
      name: alias,
      index: name,
      isWriteIndex: parseAliasOptions(isObject(options) ? options : {}),
    }),
  );
  const settings = parseSettings(body.settings, false);
  cluster.create({ name, createdAt: now, settings, mapping: object(body, "mappings") }, aliases);
  return ok({ acknowledged: true, shards_acknowledged: true, index: name });
}

function deleteIndex({ cluster, names }: Request): Answer {
  const expression = names.index ?? "";
  for (const name of expression.split(",")) {
    if (cluster.aliases.some((alias) => alias.name === name)) {
      throw illegalArgument(
        `The provided expression [${name}] matches an alias, specify the corresponding concrete indices instead.`,
      );
    }
  }
  // A wildcard means indices only here, never what is behind an alias.
  const matched = cluster.resolve(expression);
  const removed = matched.map((index) => index.name);
  cluster.changeAliases([...cluster.aliases], removed);
  return ok({ acknowledged: true });
}

function getIndex({ cluster, names, query }: Request): Answer {
  const answer: JsonObject = {};
  for (const index of cluster.resolve(names.index)) {
    answer[index.name] = {
      ...aliasesByIndex(cluster.aliases, index.name),
      mappings: sorted(index.mapping),
      settings: settingsJson(index, flag(query, "flat_settings")),
    };
  }
  return ok(answer);
}

function getMapping({ cluster, names }: Request): Answer {
  const indices = cluster.resolve(names.index);
  return ok(
    Object.fromEntries(indices.map((index) => [index.name, { mappings: sorted(index.mapping) }])),
  );
}

function putMapping(request: Request): Answer {
  const update = request.json();
  for (const index of request.cluster.resolve(request.names.index)) {
    request.cluster.updateMapping(index, mergeMapping(index.mapping, update));
  }
  return ok({ acknowledged: true });
}

function getSettings({ cluster, names, query }: Request): Answer {
  const indices = cluster.resolve(names.index);
  const flat = flag(query, "flat_settings");
  return ok(
    Object.fromEntries(
      indices.map((index) => [index.name, { settings: settingsJson(index, flat) }]),
    ),
  );
}

function putSettings(request: Request): Answer {
  const body = request.json();
  const given = isObject(body.settings) ? body.settings : body;
  const indices = request.cluster.resolve(request.names.index);
  const changes = indices.map(
    (index) => [index, parseSettings(given, true, `${index.name}/${index.uuid}`)] as const,
  );
  for (const [index, settings] of changes) {
    const merged = Object.entries({ ...index.settings, ...settings });
    const kept = merged.filter(([, value]) => value !== null);
    request.cluster.updateSettings(index, Object.fromEntries(kept));
  }
  return ok({ acknowledged: true });
}

function refresh({ cluster, names }: Request): Answer {
  const indices = cluster.resolve(names.index);
  for (const index of indices) cluster.refresher.refresh(index);
  const shards = { total: indices.length, successful: indices.length, failed: 0 };
  return ok({ _shards: shards });
}

function stats({ cluster, names }: Request): Answer {
  if (names.metric !== undefined && names.metric !== "docs" && names.metric !== "_all") {
    throw notSupported(`the statistics [${names.metric}]`);
  }
  const figures = (indices: Index[]) => {
    const count = indices.reduce((sum, index) => sum + index.store.snapshot().count(), 0);
    const bytes = indices.reduce((sum, index) => sum + index.store.bytes(), 0);
    const store = { size_in_bytes: bytes, reserved_in_bytes: 0 };
    return { docs: { count, deleted: 0 }, ...(names.metric === "docs" ? {} : { store }) };
  };
  const indices = cluster.resolve(names.index);
  const shown = (some: Index[]) => ({ primaries: figures(some), total: figures(some) });
  return ok({
    _shards: { total: indices.length, successful: indices.length, failed: 0 },
    _all: shown(indices),
    indices: Object.fromEntries(
      indices.map((index) => [index.name, { uuid: index.uuid, ...shown([index]) }]),
    ),
  });
}

/** Creating, describing and removing indices. */
export const indexRoutes: Route[] = [
  { methods: ["PUT"], path: "/{index}", handle: createIndex },
  { methods: ["DELETE"], path: "/{index}", handle: deleteIndex },
  { methods: ["GET", "HEAD"], path: "/{index}", parameters: ["flat_settings"], handle: getIndex },
  { methods: ["GET"], path: "/_mapping", handle: getMapping },
  { methods: ["GET"], path: "/{index}/_mapping", handle: getMapping },
  { methods: ["PUT", "POST"], path: "/{index}/_mapping", handle: putMapping },
  { methods: ["GET"], path: "/_settings", parameters: ["flat_settings"], handle: getSettings },
  {
    methods: ["GET"],
    path: "/{index}/_settings",
    parameters: ["flat_settings"],
    handle: getSettings,
  },
  { methods: ["PUT"], path: "/{index}/_settings", handle: putSettings },
  { methods: ["POST", "GET"], path: "/_refresh", handle: refresh },
  { methods: ["POST", "GET"], path: "/{index}/_refresh", handle: refresh },
  { methods: ["GET"], path: "/_stats", handle: stats },
  { methods: ["GET"], path: "/{index}/_stats", handle: stats },
  { methods: ["GET"], path: "/_stats/{metric}", handle: stats },
  { methods: ["GET"], path: "/{index}/_stats/{metric}", handle: stats },
];
