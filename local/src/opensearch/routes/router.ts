import type { Cluster } from "../cluster.ts";
import { notSupported, OpenSearchError } from "../errors.ts";
import type { WorkerRequest } from "../http-message.ts";
import { aliasRoutes } from "./aliases.ts";
import { clusterRoutes } from "./cluster.ts";
import { documentRoutes } from "./documents.ts";
import { indexRoutes } from "./indices.ts";
import { type Answer, bodyReader, checkQuery, type Route } from "./request.ts";
import { searchRoutes } from "./search.ts";

type Compiled = { route: Route; pattern: RegExp };

// A name never begins with an underscore (but `_all`), so `/_search` is no index.
const NAME = "(?<$1>_all|[^/_][^/]*)";
const ID = "(?<$1>[^/]+)";

const ROUTES: Compiled[] = [
  ...clusterRoutes,
  ...searchRoutes,
  ...aliasRoutes,
  ...documentRoutes,
  ...indexRoutes,
].map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace(/\{(index)\}/, NAME).replace(/\{(\w+)\}/g, ID)}$`),
}));

function decode(groups: Record<string, string> | undefined): Record<string, string> {
  const names: Record<string, string> = {};
  for (const [key, value] of Object.entries(groups ?? {})) {
    if (value !== undefined) names[key] = decodeURIComponent(value);
  }
  return names;
}

/** Finds the route of a request and answers it. @throws 501 for what no route knows */
export async function route(cluster: Cluster, request: WorkerRequest): Promise<Answer> {
  const path = request.path.length > 1 ? request.path.replace(/\/+$/, "") : request.path;
  const query = new URLSearchParams(request.query);
  cluster.pits.expire(request.now);
  for (const { route: candidate, pattern } of ROUTES) {
    const match = candidate.methods.includes(request.method) ? pattern.exec(path) : null;
    if (!match) continue;
    checkQuery(candidate, query);
    return candidate.handle({
      cluster,
      method: request.method,
      path,
      names: decode(match.groups),
      query,
      now: request.now,
      ...bodyReader(request.body),
    });
  }
  throw notSupported(`${request.method} ${path}`);
}

/** The answer to whatever a route throws; what is not OpenSearch's own error is this program's fault. */
export function errorAnswer(error: unknown): Answer {
  if (error instanceof OpenSearchError) {
    return { status: error.status, body: JSON.stringify(error.body()) };
  }
  const reason = error instanceof Error ? error.message : String(error);
  const detail = { type: "exception", reason };
  return {
    status: 500,
    body: JSON.stringify({ error: { root_cause: [detail], ...detail }, status: 500 }),
  };
}
