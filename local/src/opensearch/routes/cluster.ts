import { notSupported } from "../errors.ts";
import { matcher } from "../names.ts";
import { type Answer, ok, type Request, type Route } from "./request.ts";

const VERSION = "2.19.1";

function info({ cluster }: Request): Answer {
  return ok({
    name: "local",
    cluster_name: "opensearch",
    cluster_uuid: cluster.uuid,
    version: {
      distribution: "opensearch",
      number: VERSION,
      build_type: "zip",
      build_hash: "local-stand-in",
      build_date: "2025-02-27T01:16:47.726162386Z",
      build_snapshot: false,
      lucene_version: "9.12.1",
      minimum_wire_compatibility_version: "7.10.0",
      minimum_index_compatibility_version: "7.0.0",
    },
    tagline: "The OpenSearch Project: https://opensearch.org/",
  });
}

function health({ cluster, names }: Request): Answer {
  const known =
    names.index === undefined ||
    names.index
      .split(",")
      .every(
        (name) =>
          name.includes("*") ||
          cluster.indices.has(name) ||
          cluster.aliases.some((alias) => alias.name === name),
      );
  const shards = known ? cluster.resolve(names.index).length : 0;
  const body = {
    cluster_name: "opensearch",
    status: known ? "green" : "red",
    timed_out: !known,
    number_of_nodes: 1,
    number_of_data_nodes: 1,
    discovered_master: true,
    discovered_cluster_manager: true,
    active_primary_shards: shards,
    active_shards: shards,
    relocating_shards: 0,
    initializing_shards: 0,
    unassigned_shards: 0,
    delayed_unassigned_shards: 0,
    number_of_pending_tasks: 0,
    number_of_in_flight_fetch: 0,
    task_max_waiting_in_queue_millis: 0,
    active_shards_percent_as_number: 100,
  };
  return ok(body, known ? 200 : 408);
}

function needJson({ query, path }: Request): void {
  if (query.get("format") !== "json") throw notSupported(`${path} without format=json`);
}

function catIndices(request: Request): Answer {
  needJson(request);
  const rows = request.cluster.resolve(request.names.index).map((index) => {
    const size = `${(index.store.bytes() / 1024).toFixed(1)}kb`;
    return {
      health: "green",
      status: "open",
      index: index.name,
      uuid: index.uuid,
      pri: String(index.settings.number_of_shards ?? 1),
      rep: String(index.settings.number_of_replicas ?? 1),
      "docs.count": String(index.store.snapshot().count()),
      "docs.deleted": "0",
      "store.size": size,
      "pri.store.size": size,
    };
  });
  return ok(rows);
}

function catAliases(request: Request): Answer {
  needJson(request);
  const matches = matcher(request.names.name ?? "*");
  const shown = request.cluster.aliases.filter((alias) => matches(alias.name));
  const rows = shown.map((alias) => ({
    alias: alias.name,
    index: alias.index,
    filter: "-",
    "routing.index": "-",
    "routing.search": "-",
    is_write_index: alias.isWriteIndex === undefined ? "-" : String(alias.isWriteIndex),
  }));
  return ok(rows);
}

/** What the whole cluster says of itself. */
export const clusterRoutes: Route[] = [
  { methods: ["GET", "HEAD"], path: "/", handle: info },
  {
    methods: ["GET"],
    path: "/_cluster/health",
    parameters: ["wait_for_status", "level"],
    handle: health,
  },
  {
    methods: ["GET"],
    path: "/_cluster/health/{index}",
    parameters: ["wait_for_status", "level"],
    handle: health,
  },
  { methods: ["GET"], path: "/_cat/indices", parameters: ["format"], handle: catIndices },
  { methods: ["GET"], path: "/_cat/indices/{index}", parameters: ["format"], handle: catIndices },
  { methods: ["GET"], path: "/_cat/aliases", parameters: ["format"], handle: catAliases },
  { methods: ["GET"], path: "/_cat/aliases/{name}", parameters: ["format"], handle: catAliases },
];
