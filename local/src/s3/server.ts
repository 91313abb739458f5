import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { inspect } from "node:util";
import { listen } from "../listen.ts";
import type { Credential } from "../sigv4/signing.ts";
import { readSetting } from "./bucket-settings.ts";
import { corsHeaders, preflight } from "./cors.ts";
import { startDispatcher } from "./dispatcher.ts";
import type { S3Event } from "./events.ts";
import { type LifecycleReport, sweepLifecycle } from "./lifecycle.ts";
import type { Reply } from "./operation.ts";
import { postForm } from "./post-form.ts";
import { type ParsedRequest, parseRequest, withQueryHeaders } from "./request.ts";
import { errorReply, respond } from "./respond.ts";
import { route } from "./router.ts";
import { S3Error } from "./s3-error.ts";
import type { Verifier } from "./signing.ts";
import { authenticate } from "./sigv4.ts";
import { openStore, type Store } from "./store.ts";
import { assertBucket } from "./store-object.ts";

export interface S3Logger {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface S3Options {
  /** Metadata and bytes live here; everything answered with success survives a kill. */
  dataDir: string;
  /** Default 0: any free port of 127.0.0.1. */
  port?: number;
  credentials: Credential[];
  /** Default us-east-1. */
  region?: string;
  /** Milliseconds; default Date.now. */
  now?: () => number;
  /** Receives each event until it resolves once (at least once); without it, events are kept. */
  emit?: (event: S3Event) => Promise<void>;
  /** pino fits. Without one, failures become warnings of the process. */
  logger?: S3Logger;
}

export interface S3Server {
  url: string;
  port: number;
  /** Applies the buckets' lifecycle rules as of `now` (milliseconds). */
  sweepLifecycle(now: number): LifecycleReport;
  close(): Promise<void>;
}

const warn = (fields: object, message: string) =>
  process.emitWarning(`local S3: ${message}: ${inspect(fields)}`);

/** Starts the local S3 on 127.0.0.1. */
export async function startS3(options: S3Options): Promise<S3Server> {
  const now = options.now ?? Date.now;
  const logger = options.logger ?? { warn, error: warn };
  const store = openStore(options.dataDir, now);
  const verifier: Verifier = {
    credentials: options.credentials,
    region: options.region ?? "us-east-1",
    now,
  };
  const handle = requestHandler(store, verifier, logger);
  // An upload may take long; headers and idle connections keep Node's own limits.
  const server = createServer(
    { requestTimeout: 3_600_000 },
    (request, response) => void handle(request, response, true),
  );
  server.on("checkContinue", (request, response) => void handle(request, response, false));
  const listening = await listen(server, options.port).catch((error: unknown) => {
    store.close();
    throw error;
  });
  const dispatcher =
    options.emit &&
    startDispatcher(store, options.emit, (error, event, attempts) =>
      logger.warn(
        { err: error, key: event.detail.object.key, attempts },
        "an S3 event could not be delivered yet",
      ),
    );
  if (dispatcher) store.onCommit = dispatcher.pump;
  const shutDown = async () => {
    dispatcher?.close();
    await listening.close();
    store.close();
  };
  let closing: Promise<void> | undefined;
  return {
    url: listening.url,
    port: listening.port,
    sweepLifecycle: (at) => sweepLifecycle(store, at),
    close() {
      closing ??= shutDown();
      return closing;
    },
  };
}

function requestHandler(store: Store, verifier: Verifier, logger: S3Logger) {
  return async (request: IncomingMessage, response: ServerResponse, bodyExpected: boolean) => {
    const requestId = randomBytes(8).toString("hex").toUpperCase();
    response.setHeader("server", "AmazonS3");
    response.setHeader("x-amz-request-id", requestId);
    response.setHeader("x-amz-id-2", requestId);
    const state = { bodyExpected };
    const body = readBody(request, response, state);
    let reply: Reply;
    try {
      const parsed = parseRequest(request);
      addCors(store, parsed, response);
      reply = await answer(store, verifier, parsed, {
        body,
        cause: {
          requestId,
          requester: "000000000000",
          sourceIp: request.socket.remoteAddress ?? "",
        },
        baseUrl: `http://${request.headers.host ?? "127.0.0.1"}`,
      });
    } catch (error) {
      // The client is gone: there is nobody to answer, and nothing was stored.
      if (request.destroyed && !request.complete) return;
      if (!(error instanceof S3Error))
        logger.error({ err: error, url: request.url }, "a request to the local S3 failed");
      const known =
        error instanceof S3Error
          ? error
          : new S3Error(
              500,
              "InternalError",
              "We encountered an internal error. Please try again.",
            );
      reply = errorReply(known, (request.url ?? "/").split("?")[0] ?? "/", requestId);
    }
    // Whoever read the body may have stopped in its middle; the rest is for `respond` to drain.
    await body.return(undefined);
    await respond(request, response, reply, state).catch((error: unknown) => {
      // A client that hangs up in the middle of a download is no failure of ours.
      if (
        !(error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE")
      )
        logger.error({ err: error, url: request.url }, "an answer of the local S3 broke off");
      response.destroy();
    });
  };
}

type Rest = {
  body: AsyncIterable<Buffer>;
  cause: { requestId: string; requester: string; sourceIp: string };
  baseUrl: string;
};

async function answer(
  store: Store,
  verifier: Verifier,
  parsed: ParsedRequest,
  rest: Rest,
): Promise<Reply> {
  const { method, bucket, key, headers, parameters } = parsed;
  if (method === "OPTIONS") {
    if (bucket !== "") assertBucket(store, bucket);
    return { headers: preflight(readSetting({ store, bucket }, "cors"), headers) };
  }
  if (
    method === "POST" &&
    key === "" &&
    bucket !== "" &&
    parameters.size === 0 &&
    !headers.has("authorization")
  ) {
    assertBucket(store, bucket);
    if (!headers.has("content-length")) {
      throw new S3Error(
        411,
        "MissingContentLength",
        "You must provide the Content-Length HTTP header.",
      );
    }
    return postForm({ store, verifier, bucket, headers, ...rest });
  }
  const auth = authenticate(parsed, verifier);
  const meant = {
    method,
    bucket,
    key,
    query: parameters,
    headers: auth.presigned ? withQueryHeaders(parsed) : headers,
  };
  const operation = route(meant);
  if (bucket !== "" && !operation.withoutBucket) assertBucket(store, bucket);
  return operation.run({ store, auth, ...meant, ...rest });
}

// Errors carry these headers too, otherwise a browser's script could not read why it was refused.
function addCors(
  store: Store,
  { method, bucket, headers }: ParsedRequest,
  response: ServerResponse,
): void {
  const origin = headers.get("origin");
  if (origin === undefined || method === "OPTIONS") return;
  const cors = corsHeaders(readSetting({ store, bucket }, "cors"), { origin, method });
  for (const [name, value] of Object.entries(cors ?? {})) response.setHeader(name, value);
}

// A client that expects 100 Continue gets it when its body is wanted, so a refusal spares the body.
async function* readBody(
  request: IncomingMessage,
  response: ServerResponse,
  state: { bodyExpected: boolean },
): AsyncGenerator<Buffer, void> {
  if (!state.bodyExpected) response.writeContinue();
  state.bodyExpected = true;
  // Stopping to read must not destroy the connection: the answer still has to go through it.
  yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
}
