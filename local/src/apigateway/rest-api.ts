import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { InvokeOptions, InvokeResult } from "../lambda/runtime.ts";
import { listen } from "../listen.ts";
import { type Authorize, createAuthorizer } from "./authorizer.ts";
import { GatewayError } from "./gateway-error.ts";
import { type AnswerError, compileGatewayResponses } from "./gateway-responses.ts";
import { createIam, type Identify } from "./iam.ts";
import { type IncomingRequest, incomingRequest } from "./incoming-request.ts";
import { awaitIntegration } from "./lambda-integration.ts";
import { isBinary } from "./media-types.ts";
import { type Method, type RestApiDefinition, readOpenApi } from "./openapi.ts";
import { proxyEvent, type RoutedRequest, type Whose } from "./proxy-event.ts";
import { type GatewayAnswer, proxyResult } from "./proxy-result.ts";
import { readBody } from "./request-body.ts";
import { compileRoutes, type Match } from "./router.ts";
import type { RestApiSpec } from "./spec.ts";
import { stageThrottle } from "./throttle.ts";

/** API Gateway's limit of the request line and all headers together, in bytes. */
const MAX_HEADER_BYTES = 10_240;

export type InvokeFunction = (
  functionArn: string,
  event: unknown,
  options: InvokeOptions,
) => Promise<InvokeResult>;

export interface RestApiOptions {
  invoke: InvokeFunction;
  log: Logger;
  now?: () => number;
  /** Replaces the integrations' own timeouts. */
  integrationTimeoutMs?: number;
}

export interface RunningRestApi {
  url: string;
  port: number;
  close(): Promise<void>;
}

/**
 * Serves a REST API on 127.0.0.1 with the semantics of API Gateway (v1).
 *
 * @throws Error in one sentence naming what in the document is not supported
 */
export async function startRestApi(
  spec: RestApiSpec,
  options: RestApiOptions,
): Promise<RunningRestApi> {
  const definition = readOpenApi(spec.body);
  const answerError = compileGatewayResponses(definition.gatewayResponses);
  const api = new RestApi(spec, definition, options);
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES });
  const { url, port } = await listen(server, spec.port);
  const now = options.now ?? Date.now;
  server.on("request", (message, response) => {
    const request = incomingRequest(message, now());
    api
      .answer(message, request)
      .catch((error) => failed(error, request, answerError, options.log))
      .then((answer) => send(response, request, answer))
      .catch((error) => options.log.error({ err: error }, "an answer could not be sent"));
  });
  return {
    url,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

class RestApi {
  readonly #spec: RestApiSpec;
  readonly #definition: RestApiDefinition;
  readonly #options: RestApiOptions;
  readonly #match: (method: string, path: string) => Match<Method> | undefined;
  readonly #takeToken: () => boolean;
  readonly #authorizers = new Map<string, Authorize>();
  readonly #identify: Identify;

  constructor(spec: RestApiSpec, definition: RestApiDefinition, options: RestApiOptions) {
    this.#spec = spec;
    this.#definition = definition;
    this.#options = options;
    this.#match = compileRoutes(definition.resources);
    const now = options.now ?? Date.now;
    this.#takeToken = spec.throttle ? stageThrottle(spec.throttle, now) : () => true;
    const methods = definition.resources.flatMap((resource) => [...resource.methods.values()]);
    this.#identify = createIam(spec, now);
    for (const { authorization } of methods) {
      if (authorization?.type !== "custom") continue;
      const { authorizer } = authorization;
      if (this.#authorizers.has(authorizer.name)) continue;
      const call = (arn: string, event: unknown) => this.#invoke(arn, event, "authorizer");
      this.#authorizers.set(authorizer.name, createAuthorizer(authorizer, spec, call, now));
    }
  }

  async answer(message: IncomingMessage, request: IncomingRequest): Promise<GatewayAnswer> {
    const match = this.#match(request.method, request.path);
    if (!match) throw new GatewayError("MISSING_AUTHENTICATION_TOKEN");
    if (!this.#takeToken()) throw new GatewayError("THROTTLED");
    const { target, resource, pathParameters } = match;
    const routed = { request, resourcePath: resource.path, pathParameters };
    const { integration, authorization } = target;
    const authorizer =
      authorization?.type === "custom" &&
      (await this.#authorizers.get(authorization.authorizer.name)?.(routed));
    const body = await readBody(message);
    // A signature is over the body as well.
    const identity = authorization?.type === "iam" && this.#identify(routed, body);
    if (integration.type === "mock") return integration.answer(request);
    const whose = { ...(authorizer && { authorizer }), ...(identity && { identity }) };
    const event = this.#proxyEvent(routed, body, whose);
    const payload = await awaitIntegration(
      this.#invoke(integration.functionArn, event, "integration"),
      this.#options.integrationTimeoutMs ?? integration.timeoutMs,
    );
    return proxyResult(
      payload,
      isBinary(request.header("accept"), this.#definition.binaryMediaTypes),
    );
  }

  #proxyEvent(routed: RoutedRequest, body: Buffer, whose: Whose) {
    const type = routed.request.header("content-type");
    const isBase64Encoded = body.length > 0 && isBinary(type, this.#definition.binaryMediaTypes);
    const text = body.length === 0 ? null : body.toString(isBase64Encoded ? "base64" : "utf8");
    return proxyEvent(this.#spec, routed, { text, isBase64Encoded }, whose);
  }

  #invoke(
    functionArn: string,
    event: unknown,
    role: "authorizer" | "integration",
  ): Promise<InvokeResult> {
    if (!this.#spec.allowedFunctionArns.includes(functionArn)) {
      const kind =
        role === "authorizer" ? "AUTHORIZER_CONFIGURATION_ERROR" : "API_CONFIGURATION_ERROR";
      throw new GatewayError(kind, {
        reason: `API ${this.#spec.name} has no permission to invoke ${functionArn}`,
      });
    }
    return this.#options.invoke(functionArn, event, { whenBusy: "throttle" });
  }
}

function failed(
  error: unknown,
  request: IncomingRequest,
  answerError: AnswerError,
  log: Logger,
): GatewayAnswer {
  const known =
    error instanceof GatewayError
      ? error
      : new GatewayError("DEFAULT_5XX", { reason: String(error) });
  if (known.status >= 500) {
    const { method, path, requestId } = request;
    log.error({ method, path, requestId, reason: known.message }, "gateway answered an error");
  }
  return answerError(known, request);
}

function send(response: ServerResponse, request: IncomingRequest, answer: GatewayAnswer): void {
  response.writeHead(answer.status, {
    ...answer.headers,
    "x-amzn-RequestId": request.requestId,
    "X-Amzn-Trace-Id": request.traceId,
    "Content-Length": Buffer.byteLength(answer.body),
  });
  response.end(answer.body);
}
