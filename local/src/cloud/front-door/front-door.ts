import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { EventBridgeServer } from "../../eventbridge/server.ts";
import type { Resource } from "../../graph/resource.ts";
import { listen } from "../../listen.ts";
import type { LocalSqs } from "../../sqs/start-sqs.ts";
import type { Keys } from "../keys.ts";
import { deadLetters } from "./dead-letters.ts";
import { docsPages } from "./docs.ts";
import { eventStream } from "./event-stream.ts";
import { history } from "./history.ts";
import { forward } from "./proxy.ts";
import { sendJson, sendProblem } from "./respond.ts";
import { runSchedule } from "./schedules.ts";
import { SEARCH_DOMAIN_PATHS, searchDomains } from "./search-domains.ts";
import { type Site, sitePages } from "./site.ts";
import { systemMap } from "./system-map.ts";
import { tokenIssuer } from "./tokens.ts";

export interface FrontDoorOptions {
  port: number;
  /** Base URLs of the services' own APIs, by service. */
  services: Record<string, string>;
  graph: Resource[];
  keys: Keys;
  events: EventBridgeServer;
  sqs: LocalSqs;
  /** The web pages, and where their pictures come from and go to. */
  site: Site;
  origins: { front: string; cdn: string; objects: string };
  log: Logger;
}

type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => unknown;

/** The first part of a path that belongs to a service: `/v1/uploads` is the upload service's. */
const bases: Record<string, string> = {
  "/v1/uploads": "upload",
  "/v1/images": "catalog",
  "/v1/processing": "processing",
  "/v1/search": "search",
};

/**
 * One origin for everything a client needs: the four APIs (what a custom domain's path mappings do
 * on AWS), the documentation, and the conveniences of a local cloud under `/dev`.
 */
export async function startFrontDoor(
  options: FrontDoorOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const issuer = await tokenIssuer(options.keys, options.graph);
  const docs = docsPages(options.graph);
  const events = eventStream(options.events);
  const letters = deadLetters(options.graph, options.sqs);
  const site = sitePages(options.site, options.origins);
  const routes: [method: string, path: RegExp, handle: Handler][] = [
    ["GET", /^\/healthz$/, (_, response) => sendJson(response, 200, { status: "ok" })],
    ["GET", /^\/docs(\/.*)?$/, docs.page],
    ["GET", /^\/openapi\/[\w-]+\.json$/, docs.document],
    ["GET", /^\/asyncapi\.json$/, docs.events],
    ["GET", /^\/\.well-known\/jwks\.json$/, issuer.keys],
    ["POST", /^\/dev\/token$/, issuer.token],
    ["POST", /^\/dev\/schedules\/[\w-]+$/, runSchedule(options.graph, options.events)],
    ["GET", /^\/dev\/events$/, events.open],
    ["GET", /^\/dev\/map$/, systemMap(options.graph)],
    ["GET", /^\/dev\/queues$/, letters.queues],
    ["GET", /^\/dev\/dead-letters$/, letters.list],
    ["GET", /^\/dev\/history\/[^/]+$/, history(options.events, events.keptWith, letters.about)],
    ["GET", SEARCH_DOMAIN_PATHS, searchDomains(options.graph)],
    ["GET", /^\/config\.json$/, site.config],
  ];

  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const service = bases[path.split("/").slice(0, 3).join("/")];
    const base = service && options.services[service];
    if (base) {
      forward(request, response, base);
      return;
    }
    // HEAD is GET whose body Node leaves out; what is below /dev may be a stream that does not end.
    const method =
      request.method === "HEAD" && !path.startsWith("/dev/") ? "GET" : (request.method ?? "GET");
    const matching = routes.filter(([, pattern]) => pattern.test(path));
    const route = matching.find(([taken]) => taken === method);
    if (route) {
      Promise.resolve(route[2](request, response, path)).catch((error: unknown) => {
        options.log.error({ err: error, path }, "the front door failed");
        sendProblem(response, 500, "internal", "Something went wrong; see the log.");
      });
    } else if (matching.length > 0) {
      response.setHeader("Allow", matching.map(([taken]) => taken).join(", "));
      sendProblem(response, 405, "invalid-request", `${path} does not take ${request.method}.`);
    } else if (method === "GET" && !path.startsWith("/dev/")) {
      site.send(request, response, path);
    } else {
      sendProblem(response, 404, "not-found", `There is nothing at ${path}.`);
    }
  });
  const listening = await listen(server, options.port);
  return {
    url: listening.url,
    close: async () => {
      events.close();
      await listening.close();
    },
  };
}
