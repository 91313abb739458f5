import { notSupported, parsingError, validationFailed } from "../errors.ts";
import { asArray, type JsonObject } from "../json.ts";
import { countMatching, search } from "../search.ts";
import { parseSearch } from "../search-request.ts";
import { type Answer, ok, type Request, type Route } from "./request.ts";

const BODY_PARAMETERS = ["from", "size", "_source", "track_total_hits", "sort", "version"];

// With one copy of one shard neither has anything to decide.
const OF_SEVERAL_SHARDS = ["preference", "allow_partial_search_results"];
const PARAMETERS = [...BODY_PARAMETERS, ...OF_SEVERAL_SHARDS];

/** Parameters in the URL win over the same keys of the body. */
function searchBody(request: Request): JsonObject {
  const body = request.json();
  for (const name of BODY_PARAMETERS) {
    const value = request.query.get(name);
    if (value === null) continue;
    if (name === "sort") {
      body.sort = value.split(",").map((key) => {
        const [path = "", order] = key.split(":");
        return order === undefined ? path : { [path]: order };
      });
    } else {
      body[name] = name === "version" ? value === "true" : value;
    }
  }
  return body;
}

function targetsOf(request: Request) {
  return request.cluster
    .resolve(request.names.index)
    .map((index) => ({ index, snapshot: index.store.snapshot() }));
}

function runSearch(request: Request): Answer {
  const parsed = parseSearch(searchBody(request));
  if (!parsed.pit) return ok(search(targetsOf(request), parsed));
  if (request.names.index !== undefined) {
    throw validationFailed("[indices] cannot be used with point in time");
  }
  const pit = request.cluster.pits.use(parsed.pit.id, parsed.pit.keepAlive, request.now);
  return ok(search(pit.targets, parsed, pit.id));
}

function count(request: Request): Answer {
  const body = request.json();
  for (const key of Object.keys(body)) {
    if (key !== "query") throw parsingError(`request does not support [${key}]`);
  }
  const targets = targetsOf(request);
  const found = countMatching(targets, body.query ?? { match_all: {} });
  const shards = { total: targets.length, successful: targets.length, skipped: 0, failed: 0 };
  return ok({ count: found, _shards: shards });
}

function openPit(request: Request): Answer {
  const keepAlive = request.query.get("keep_alive");
  if (keepAlive === null) throw validationFailed("keep alive not specified");
  const indices = request.cluster.resolve(request.names.index);
  const pit = request.cluster.pits.open(indices, keepAlive, request.now);
  const shards = { total: indices.length, successful: indices.length, skipped: 0, failed: 0 };
  return ok({ pit_id: pit.id, _shards: shards, creation_time: pit.createdAt });
}

function removePits(request: Request): Answer {
  const body = request.json();
  const ids = asArray(body.pit_id).map(String);
  if (ids.length === 0) throw validationFailed("no pit ids specified");
  request.cluster.pits.remove(ids);
  return ok({ pits: ids.map((id) => ({ successful: true, pit_id: id })) });
}

function removeAllPits(request: Request): Answer {
  const ids = request.cluster.pits.all().map((pit) => pit.id);
  request.cluster.pits.remove(ids);
  return ok({ pits: ids.map((id) => ({ successful: true, pit_id: id })) });
}

function listPits(request: Request): Answer {
  const pits = request.cluster.pits.all().map((pit) => ({
    pit_id: pit.id,
    creation_time: pit.createdAt,
    keep_alive: pit.expiresAt - pit.createdAt,
  }));
  return ok({ pits });
}

function multiSearch(): never {
  throw notSupported("_msearch");
}

/** Searching, counting and points in time. */
export const searchRoutes: Route[] = [
  { methods: ["GET", "POST"], path: "/_search", parameters: PARAMETERS, handle: runSearch },
  {
    methods: ["GET", "POST"],
    path: "/{index}/_search",
    parameters: PARAMETERS,
    handle: runSearch,
  },
  { methods: ["GET", "POST"], path: "/_count", handle: count },
  { methods: ["GET", "POST"], path: "/{index}/_count", handle: count },
  { methods: ["GET", "POST"], path: "/_msearch", handle: multiSearch },
  { methods: ["GET", "POST"], path: "/{index}/_msearch", handle: multiSearch },
  {
    methods: ["POST"],
    path: "/{index}/_search/point_in_time",
    parameters: ["keep_alive", "allow_partial_pit_creation"],
    handle: openPit,
  },
  { methods: ["DELETE"], path: "/_search/point_in_time", handle: removePits },
  { methods: ["DELETE"], path: "/_search/point_in_time/_all", handle: removeAllPits },
  { methods: ["GET"], path: "/_search/point_in_time/_all", handle: listPits },
];
