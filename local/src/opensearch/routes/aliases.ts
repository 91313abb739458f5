import { illegalArgument, indexNotFound, notSupported, OpenSearchError } from "../errors.ts";
import type { Alias } from "../indices.ts";
import { asArray, isObject, type Json, type JsonObject } from "../json.ts";
import { matcher } from "../names.ts";
import { type Answer, ok, type Request, type Route } from "./request.ts";

/** The `is_write_index` of an alias; filters and routing are refused. */
export function parseAliasOptions(options: JsonObject): boolean | undefined {
  for (const key of Object.keys(options)) {
    if (!["index", "indices", "alias", "aliases", "is_write_index"].includes(key)) {
      throw notSupported(`[${key}] of an alias`);
    }
  }
  return options.is_write_index === undefined ? undefined : options.is_write_index === true;
}

export function aliasesByIndex(
  aliases: readonly Alias[],
  index: string,
  shown: (name: string) => boolean = () => true,
): { aliases: JsonObject } {
  const own = aliases.filter((alias) => alias.index === index && shown(alias.name));
  const entries = own.map((alias): [string, JsonObject] => [
    alias.name,
    alias.isWriteIndex === undefined ? {} : { is_write_index: alias.isWriteIndex },
  ]);
  return { aliases: Object.fromEntries(entries) };
}

function namesIn(options: JsonObject, one: string, many: string): string[] {
  const names = asArray(options[one] ?? options[many]).map(String);
  if (names.length > 0) return names;
  throw illegalArgument(`One of [${one}] or [${many}] is required`);
}

function missing(names: string[]): OpenSearchError {
  const joined = names.join(",");
  return new OpenSearchError(404, {
    type: "aliases_not_found_exception",
    reason: `aliases [${joined}] missing`,
    "resource.id": joined,
    "resource.type": "aliases",
  });
}

function invalidAlias(name: string, index: string, uuid: string): OpenSearchError {
  return new OpenSearchError(400, {
    type: "invalid_alias_name_exception",
    reason: `Invalid alias name [${name}], an index exists with the same name as the alias`,
    index,
    index_uuid: uuid,
  });
}

/** Actions on aliases, collected first and applied as one. */
function planActions(request: Request, actions: Json[]): { aliases: Alias[]; removed: string[] } {
  const { cluster } = request;
  let aliases = [...cluster.aliases];
  const removed: string[] = [];
  const absent: string[] = [];
  let effective = false;
  const concrete = (expression: string): string[] =>
    cluster.resolve(expression).map((index) => index.name);

  // An index that one action removes frees its name for another, whatever their order.
  for (const action of actions) {
    const options = isObject(action) ? action.remove_index : undefined;
    if (isObject(options)) {
      for (const name of namesIn(options, "index", "indices")) {
        if (!cluster.indices.has(name)) throw indexNotFound(name);
        removed.push(name);
      }
    }
  }
  for (const action of actions) {
    if (!isObject(action)) throw illegalArgument("an alias action must be an object");
    const [entry] = Object.entries(action);
    const [kind, options] = entry ?? ["", null];
    if (!["add", "remove", "remove_index"].includes(kind)) {
      throw new OpenSearchError(400, {
        type: "x_content_parse_exception",
        reason: `[alias_action] unknown field [${kind}]`,
      });
    }
    if (!isObject(options)) throw illegalArgument(`[${kind}] must be an object`);
    if (kind === "remove_index") continue;
    const isWriteIndex = parseAliasOptions(options);
    for (const index of namesIn(options, "index", "indices").flatMap(concrete)) {
      if (removed.includes(index)) throw indexNotFound(index);
      for (const name of namesIn(options, "alias", "aliases")) {
        const taken = cluster.indices.get(name);
        if (kind === "add" && taken && !removed.includes(name)) {
          throw invalidAlias(name, name, taken.uuid);
        }
        const matches = kind === "remove" ? matcher(name) : (other: string) => other === name;
        const others = aliases.filter((alias) => alias.index !== index || !matches(alias.name));
        if (kind === "add" || others.length < aliases.length) effective = true;
        else absent.push(name);
        aliases = kind === "add" ? [...others, { name, index, isWriteIndex }] : others;
      }
    }
  }
  // OpenSearch passes over an alias that is not there, unless there is nothing else to do.
  if (absent.length > 0 && !effective && removed.length === 0) throw missing(absent);
  checkWriteIndices(aliases);
  return { aliases, removed };
}

function checkWriteIndices(aliases: Alias[]): void {
  const seen = new Map<string, string>();
  for (const alias of aliases) {
    if (alias.isWriteIndex !== true) continue;
    const other = seen.get(alias.name);
    if (other !== undefined) {
      throw new OpenSearchError(500, {
        type: "illegal_state_exception",
        reason: `alias [${alias.name}] has more than one write index [${other},${alias.index}]`,
      });
    }
    seen.set(alias.name, alias.index);
  }
}

function updateAliases(request: Request): Answer {
  const body = request.json();
  const actions = asArray(body.actions);
  if (actions.length === 0) throw illegalArgument("No action specified");
  const { aliases, removed } = planActions(request, actions);
  request.cluster.changeAliases(aliases, removed);
  return ok({ acknowledged: true });
}

function getAliases({ cluster, names }: Request): Answer {
  const patterns = names.name?.split(",") ?? [];
  const tests = patterns.map(matcher);
  const shown = (name: string) => tests.length === 0 || tests.some((test) => test(name));
  const answer: JsonObject = {};
  for (const index of cluster.resolve(names.index)) {
    const own = aliasesByIndex(cluster.aliases, index.name, shown);
    if (tests.length === 0 || Object.keys(own.aliases).length > 0) answer[index.name] = own;
  }
  const absent = patterns.filter(
    (pattern) =>
      !pattern.includes("*") &&
      pattern !== "_all" &&
      !cluster.aliases.some(({ name, index }) => name === pattern && index in answer),
  );
  if (absent.length === 0) return ok(answer);
  const noun = absent.length === 1 ? "alias" : "aliases";
  return ok({ error: `${noun} [${absent.join(",")}] missing`, status: 404, ...answer }, 404);
}

function oneAction(request: Request, kind: "add" | "remove"): Answer {
  const { index = "", name = "" } = request.names;
  const options = kind === "add" ? request.json() : {};
  const { aliases } = planActions(request, [{ [kind]: { ...options, index, alias: name } }]);
  request.cluster.changeAliases(aliases, []);
  return ok({ acknowledged: true });
}

/** Aliases: read, and changed by actions that are applied as one. */
export const aliasRoutes: Route[] = [
  { methods: ["POST"], path: "/_aliases", handle: updateAliases },
  { methods: ["GET", "HEAD"], path: "/_alias", handle: getAliases },
  { methods: ["GET", "HEAD"], path: "/_alias/{name}", handle: getAliases },
  { methods: ["GET", "HEAD"], path: "/{index}/_alias", handle: getAliases },
  { methods: ["GET", "HEAD"], path: "/{index}/_alias/{name}", handle: getAliases },
  {
    methods: ["PUT", "POST"],
    path: "/{index}/_alias/{name}",
    handle: (request) => oneAction(request, "add"),
  },
  {
    methods: ["DELETE"],
    path: "/{index}/_alias/{name}",
    handle: (request) => oneAction(request, "remove"),
  },
];
