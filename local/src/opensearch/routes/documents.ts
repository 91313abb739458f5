import { parseBulk, runBulk } from "../bulk.ts";
import { applyWrite, parseVersionType, validateWrite, type Write } from "../documents.ts";
import { illegalArgument, notSupported, OpenSearchError, validationFailed } from "../errors.ts";
import { filterByPath, parseFilterPath } from "../filter-path.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { applyRefresh, parseRefresh } from "../refresh-parameter.ts";
import { matchingDocuments } from "../search.ts";
import { filterSource, parseSourceFilter, type SourceFilter } from "../source-filter.ts";
import { type Answer, ok, type Request, type Route } from "./request.ts";

const WRITE_PARAMETERS = [
  "version",
  "version_type",
  "if_seq_no",
  "if_primary_term",
  "refresh",
  "op_type",
];
const BULK_PARAMETERS = ["refresh", "filter_path"];
const SOURCE_PARAMETERS = ["_source", "_source_includes", "_source_excludes"];

function numberParameter(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (/^-?\d+$/.test(value)) return Number(value);
  throw illegalArgument(`Failed to parse long parameter [${name}] with value [${value}]`);
}

async function write(request: Request, action: Write["action"]): Promise<Answer> {
  const { cluster, names, query, now } = request;
  const source = action === "delete" ? "" : request.text();
  if (action !== "delete" && source === "") {
    throw new OpenSearchError(400, { type: "parse_exception", reason: "request body is required" });
  }
  const asked: Write = {
    action: query.get("op_type") === "create" ? "create" : action,
    id: names.id,
    version: numberParameter(query, "version"),
    versionType: parseVersionType(query.get("version_type") ?? undefined),
    ifSeqNo: numberParameter(query, "if_seq_no"),
    ifPrimaryTerm: numberParameter(query, "if_primary_term"),
    source,
  };
  validateWrite(asked);
  const policy = parseRefresh(query.get("refresh"));
  const index = cluster.resolveWrite(names.index ?? "");
  const { status, body } = index.store.transaction(() => applyWrite(index, asked, now));
  await applyRefresh(cluster, [index], policy);
  return ok(policy === "true" ? { ...body, forced_refresh: true } : body, status);
}

function sourceParameters(query: URLSearchParams): SourceFilter {
  const includes = query.get("_source_includes");
  const excludes = query.get("_source_excludes");
  if (includes === null && excludes === null)
    return parseSourceFilter(query.get("_source") ?? undefined);
  return {
    includes: includes === null ? [] : includes.split(","),
    excludes: excludes === null ? [] : excludes.split(","),
  };
}

/** What GET and mget say of one document: read as it is now, refreshed or not. */
function documentJson(
  request: Request,
  indexName: string,
  id: string,
  filter: SourceFilter,
): string {
  const index = request.cluster.resolveOne(indexName);
  const found = index.store.get(id);
  const head = `"_index":${JSON.stringify(index.name)},"_id":${JSON.stringify(id)}`;
  if (!found) return `{${head},"found":false}`;
  const source = filterSource(found.source, filter);
  const shown = source === undefined ? "" : `,"_source":${source}`;
  return `{${head},"_version":${found.version},"_seq_no":${found.doc - 1},"_primary_term":1,"found":true${shown}}`;
}

function get(request: Request): Answer {
  const { names, query } = request;
  const body = documentJson(request, names.index ?? "", names.id ?? "", sourceParameters(query));
  return { status: body.endsWith('"found":false}') ? 404 : 200, body };
}

function getSource(request: Request): Answer {
  const { names, query, cluster } = request;
  const index = cluster.resolveOne(names.index ?? "");
  const found = index.store.get(names.id ?? "");
  if (found) return ok(filterSource(found.source, sourceParameters(query)) ?? "{}");
  throw new OpenSearchError(404, {
    type: "resource_not_found_exception",
    reason: `Document not found [${index.name}]/[${names.id}]`,
  });
}

function mgetItem(request: Request, item: JsonObject): string {
  const indexName = String(item._index ?? request.names.index ?? "");
  const id = String(item._id);
  for (const key of Object.keys(item)) {
    if (!["_index", "_id", "_source"].includes(key)) throw notSupported(`[${key}] in _mget`);
  }
  try {
    return documentJson(request, indexName, id, parseSourceFilter(item._source));
  } catch (error) {
    if (!(error instanceof OpenSearchError)) throw error;
    const { error: shown } = error.body() as JsonObject;
    return JSON.stringify({ _index: indexName, _id: id, error: shown ?? null });
  }
}

function mget(request: Request): Answer {
  const body = request.json();
  const asItem = (given: Json): JsonObject => {
    if (isObject(given)) return given;
    throw illegalArgument("docs must be objects");
  };
  const docs = Array.isArray(body.docs) ? body.docs.map(asItem) : [];
  const ids = Array.isArray(body.ids) ? body.ids.map((id): JsonObject => ({ _id: id })) : [];
  const items = [...docs, ...ids];
  if (items.length === 0) throw validationFailed("no documents to get");
  if (request.names.index === undefined && items.some((item) => item._index === undefined)) {
    throw validationFailed("index is missing for doc 0");
  }
  return ok(`{"docs":[${items.map((item) => mgetItem(request, item)).join(",")}]}`);
}

async function bulk(request: Request): Promise<Answer> {
  const started = performance.now();
  const policy = parseRefresh(request.query.get("refresh"));
  const paths = parseFilterPath(request.query.get("filter_path"));
  const items = parseBulk(request.text(), request.names.index);
  const done = runBulk(request.cluster, items, request.now, policy === "true");
  await applyRefresh(request.cluster, done.indices, policy);
  const took = Math.round(performance.now() - started);
  const answer = { took, errors: done.errors, items: done.items };
  return ok(paths ? (filterByPath(answer, paths) ?? {}) : answer);
}

async function deleteByQuery(request: Request): Promise<Answer> {
  const started = performance.now();
  const body = request.json();
  if (body.query === undefined) throw validationFailed("query is missing");
  for (const key of Object.keys(body)) {
    if (key !== "query" && key !== "conflicts") throw notSupported(`[${key}] of _delete_by_query`);
  }
  if (request.query.get("wait_for_completion") === "false") throw notSupported("tasks");
  const conflicts = request.query.get("conflicts") ?? body.conflicts ?? "abort";
  const indices = request.cluster.resolve(request.names.index);
  let total = 0;
  let deleted = 0;
  const failures: JsonObject[] = [];
  for (const index of indices) {
    const found = matchingDocuments({ index, snapshot: index.store.snapshot() }, body.query);
    total += found.length;
    index.store.transaction(() => {
      for (const { id, doc } of found) {
        const asked: Write = {
          action: "delete",
          id,
          version: undefined,
          versionType: "internal",
          ifSeqNo: doc - 1,
          ifPrimaryTerm: 1,
          source: "",
        };
        try {
          applyWrite(index, asked, request.now);
          deleted += 1;
        } catch (error) {
          if (!(error instanceof OpenSearchError) || error.status !== 409) throw error;
          failures.push({ index: index.name, id, cause: error.detail as JsonObject, status: 409 });
        }
      }
    });
  }
  await applyRefresh(request.cluster, indices, parseRefresh(request.query.get("refresh")));
  const shown = conflicts === "proceed" ? [] : failures;
  const answer = {
    took: Math.round(performance.now() - started),
    timed_out: false,
    total,
    deleted,
    batches: Math.ceil(total / 1000),
    version_conflicts: failures.length,
    noops: 0,
    retries: { bulk: 0, search: 0 },
    throttled_millis: 0,
    requests_per_second: -1,
    throttled_until_millis: 0,
    failures: shown,
  };
  return ok(answer, shown.length > 0 ? 409 : 200);
}

/** Writing and reading documents by id, and in bulk. */
export const documentRoutes: Route[] = [
  {
    methods: ["PUT", "POST"],
    path: "/{index}/_doc/{id}",
    parameters: WRITE_PARAMETERS,
    handle: (request) => write(request, "index"),
  },
  {
    methods: ["POST"],
    path: "/{index}/_doc",
    parameters: WRITE_PARAMETERS,
    handle: (request) => write(request, "index"),
  },
  {
    methods: ["PUT", "POST"],
    path: "/{index}/_create/{id}",
    parameters: WRITE_PARAMETERS,
    handle: (request) => write(request, "create"),
  },
  {
    methods: ["DELETE"],
    path: "/{index}/_doc/{id}",
    parameters: WRITE_PARAMETERS,
    handle: (request) => write(request, "delete"),
  },
  {
    methods: ["GET", "HEAD"],
    path: "/{index}/_doc/{id}",
    parameters: SOURCE_PARAMETERS,
    handle: get,
  },
  {
    methods: ["GET", "HEAD"],
    path: "/{index}/_source/{id}",
    parameters: SOURCE_PARAMETERS,
    handle: getSource,
  },
  { methods: ["GET", "POST"], path: "/_mget", handle: mget },
  { methods: ["GET", "POST"], path: "/{index}/_mget", handle: mget },
  { methods: ["POST", "PUT"], path: "/_bulk", parameters: BULK_PARAMETERS, handle: bulk },
  { methods: ["POST", "PUT"], path: "/{index}/_bulk", parameters: BULK_PARAMETERS, handle: bulk },
  {
    methods: ["POST"],
    path: "/{index}/_delete_by_query",
    parameters: ["refresh", "conflicts", "wait_for_completion"],
    handle: deleteByQuery,
  },
];
