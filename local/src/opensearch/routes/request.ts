import type { Cluster } from "../cluster.ts";
import { notSupported } from "../errors.ts";
import { type JsonObject, parseBody } from "../json.ts";

export type Answer = { status: number; body: string | undefined };
/** A request on its way through the routes. */
export type Request = {
  cluster: Cluster;
  method: string;
  path: string;
  /** The parts of the path that the route names, decoded. */
  names: Record<string, string>;
  query: URLSearchParams;
  text(): string;
  json(): JsonObject;
  now: number;
};
/** A route that answers at once, or after a refresh (`refresh=wait_for`). */
export type Route = {
  methods: string[];
  /** `/{index}/_search`; a part in braces is a name. */
  path: string;
  /** The parameters it understands, beside those that every route takes. */
  parameters?: string[];
  handle(request: Request): Answer | Promise<Answer>;
};

// They do not change what an answer says, or say what holds here anyway (one node, no replicas to wait for).
const HARMLESS =
  "pretty human error_trace timeout master_timeout cluster_manager_timeout wait_for_active_shards allow_no_indices expand_wildcards preference request_cache batched_reduce_size pre_filter_shard_size max_concurrent_shard_requests ccs_minimize_roundtrips cancel_after_time_interval search_type include_type_name local bytes phase_took realtime".split(
    " ",
  );
const ONLY_FALSE = [
  "ignore_unavailable",
  "typed_keys",
  "rest_total_hits_as_int",
  "include_defaults",
];

/** Refuses parameters that the route does not know, because they might change the meaning. */
export function checkQuery(route: Route, query: URLSearchParams): void {
  for (const [key, value] of query) {
    if (HARMLESS.includes(key) || route.parameters?.includes(key)) continue;
    if (ONLY_FALSE.includes(key) && value === "false") continue;
    throw notSupported(`the parameter [${key}] of ${route.methods.join("/")} ${route.path}`);
  }
}

export function ok(body: unknown, status = 200): Answer {
  return { status, body: typeof body === "string" ? body : JSON.stringify(body) };
}

/** The decoded text of a body, read only when a route wants it. */
export function bodyReader(body: Uint8Array): Pick<Request, "text" | "json"> {
  const text = () => Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  return { text, json: () => parseBody(text()) };
}

/** A parameter of the query that is a flag: present without a value means true. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== "false";
}
