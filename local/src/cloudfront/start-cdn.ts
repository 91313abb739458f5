import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Logger } from "pino";
import { listen } from "../listen.ts";
import { accessDenied, CdnError } from "./cdn-error.ts";
import { behaviorFor, type CdnBehavior, type Distribution } from "./distribution.ts";
import { type Invalidation, startInvalidationApi } from "./invalidations.ts";
import { createOrigin, type OriginOptions } from "./origin.ts";
import { viewerHeaders } from "./response-headers.ts";
import { createUrlVerifier } from "./signed-url.ts";

/** Of the viewer's headers only these matter for an object in S3. */
const FORWARDED = [
  "range",
  "if-range",
  "if-none-match",
  "if-modified-since",
  "if-match",
  "if-unmodified-since",
];

export interface CdnOptions {
  /** 0 or absent: any free port. */
  port?: number;
  /** The port of the control API; 0 or absent: any free one. */
  controlPort?: number;
  distribution: Distribution;
  s3: OriginOptions;
  /** Milliseconds since the epoch. */
  now?: () => number;
  logger?: Logger;
}

export interface LocalCdn {
  url: string;
  port: number;
  /** CloudFront's control API (invalidations), for `AWS_ENDPOINT_URL_CLOUDFRONT`. */
  controlUrl: string;
  /** Newest first. */
  invalidations(): Invalidation[];
  close(): Promise<void>;
}

/** Starts a CloudFront distribution over the local S3 on 127.0.0.1. Nothing is cached: each request asks the origin. */
export async function startCdn(options: CdnOptions): Promise<LocalCdn> {
  const { distribution, logger } = options;
  const now = options.now ?? Date.now;
  const verify = createUrlVerifier(distribution.publicKeys);
  const origin = createOrigin(options.s3);

  /** The behaviour is told as soon as it is known, because its headers go on errors too. */
  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    matched: (behavior: CdnBehavior) => void,
  ): Promise<void> {
    const url = `http://${request.headers.host}${request.url}`;
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const key = keyOf(path);
    // Patterns see the decoded path, as CloudFront's do: `%70rivate/` is not another folder.
    const behavior = behaviorFor(distribution.behaviors, key);
    if (!behavior) throw accessDenied();
    matched(behavior);
    const { method = "" } = request;
    if (method !== "GET" && method !== "HEAD" && method !== "OPTIONS") throw methodRefused();
    if (behavior.signed) {
      verify({ url, clientIp: request.socket.remoteAddress ?? "", now: now() });
    }
    const requestOrigin = request.headers.origin;
    if (method === "OPTIONS") {
      const headers = viewerHeaders({}, behavior.responseHeaders, requestOrigin);
      if (headers["access-control-allow-origin"] === undefined) throw accessDenied();
      response.writeHead(200, { ...headers, ...ownHeaders("Miss"), "content-length": "0" }).end();
      return;
    }
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const answer = await origin.fetch({
      method,
      bucket: behavior.bucket,
      key,
      query: allowedQuery(url, behavior.allowedQueryStrings),
      headers: Object.fromEntries(
        FORWARDED.flatMap((name) =>
          request.headers[name] ? [[name, String(request.headers[name])]] : [],
        ),
      ),
      signal: gone.signal,
    });
    const status = answer.statusCode ?? 502;
    // Origin access control without ListBucket: S3 does not tell those whom it does not trust what is missing.
    if (status === 403 || status === 404) {
      answer.resume();
      throw accessDenied();
    }
    const headers = viewerHeaders(answer.headers, behavior.responseHeaders, requestOrigin);
    response.writeHead(status, { ...headers, ...ownHeaders(status < 400 ? "Miss" : "Error") });
    await pipeline(answer, response);
  }

  const server = createServer(async (request, response) => {
    let behavior: CdnBehavior | undefined;
    try {
      await serve(request, response, (found) => {
        behavior = found;
      });
    } catch (error) {
      if (response.destroyed) return;
      // The status is out already: only a broken connection tells the viewer that bytes are missing.
      if (response.headersSent) {
        response.destroy();
        return;
      }
      if (!(error instanceof CdnError))
        logger?.error({ err: error, path: request.url }, "local CDN's origin failed");
      const known = error instanceof CdnError ? error : originFailed();
      const headers = viewerHeaders({}, behavior?.responseHeaders, request.headers.origin);
      response.writeHead(known.status, {
        ...headers,
        ...ownHeaders("Error"),
        "content-type": "application/xml",
      });
      response.end(request.method === "HEAD" ? undefined : known.body);
    }
  });
  const control = await startInvalidationApi(now, options.controlPort);
  const listening = await listen(server, options.port);
  return {
    url: listening.url,
    port: listening.port,
    controlUrl: control.url,
    invalidations: control.list,
    async close() {
      await Promise.all([listening.close(), control.close()]);
      origin.close();
    },
  };
}

/** The object's key. Dot segments are refused: they could be read as another path than the one that was signed. */
function keyOf(path: string): string {
  let key: string;
  try {
    key = decodeURIComponent(path.slice(1));
  } catch {
    throw new CdnError(400, "BadRequest", "Bad request");
  }
  if (key === "" || key.split("/").some((segment) => segment === "." || segment === ".."))
    throw accessDenied();
  return key;
}

function allowedQuery(url: string, allowed: string[]): URLSearchParams {
  const all = new URL(url).searchParams;
  return new URLSearchParams([...all].filter(([name]) => allowed.includes(name)));
}

function ownHeaders(result: "Miss" | "Error"): Record<string, string> {
  return {
    "x-cache": `${result} from cloudfront`,
    via: "1.1 shoebox.local (CloudFront)",
    "x-amz-cf-id": randomBytes(16).toString("base64url"),
  };
}

function methodRefused(): CdnError {
  return new CdnError(
    403,
    "MethodNotAllowed",
    "This distribution is not configured to allow the HTTP request method that was used for this request. The distribution supports only cachable requests.",
  );
}

function originFailed(): CdnError {
  return new CdnError(502, "BadGateway", "CloudFront wasn't able to connect to the origin.");
}
