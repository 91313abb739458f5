import { inspect } from "node:util";
import {
  OpenAPIHono,
  type RouteConfig,
  type RouteConfigToTypedResponse,
  type RouteHandler,
} from "@hono/zod-openapi";
import type { Context, TypedResponse } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { ZodError } from "zod";
import { AppError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { RateLimiter } from "../rate-limit/limiter.ts";
import { traced } from "../trace.ts";
import { withoutCapabilities } from "./capability.ts";
import type { ApiEnv, Principal } from "./env.ts";
import { type IdempotencyStore, idempotency } from "./idempotency.ts";
import { invalidRequest } from "./invalid-request.ts";
import { PROBLEM_JSON, toProblem } from "./problem.ts";
import { rateLimit } from "./rate-limit.ts";

export type Api = OpenAPIHono<ApiEnv>;

/** One route: its declaration, from which the OpenAPI document is made, and what answers it. */
export interface Route<D> {
  spec: RouteConfig;
  /** Takes what the declaration has validated, and gives an answer that it has; typed where it is written. */
  handle(context: Context<ApiEnv>, deps: D): Promise<Response>;
  /** Only a route that is reached with a capability has this; all others ask the authorizer who calls. */
  capability?: Capability<D>;
  /** Only a route of operators has this: they sign with their AWS credentials, and IAM decides. */
  operators?: true;
}

/** How a route without an authorizer learns who calls. */
export interface Capability<D> {
  /** The path parameter that holds the secret. */
  parameter: string;
  /** Whose it is; undefined for one that is not valid, or not any more. */
  holder(secret: string, deps: D): Promise<Principal | undefined>;
}

/** What `c.body(null, 204)` is; the library types a declared answer without content as an empty object. */
type NoContent = TypedResponse<null, 204, "body">;

/** What answers a route: by what its declaration has validated, with an answer that it declares. */
export type Handler<R extends RouteConfig, D> = (
  context: Parameters<RouteHandler<R, ApiEnv>>[0],
  deps: D,
) => Promise<RouteConfigToTypedResponse<R> | NoContent>;

/** The name of the operators' security scheme in an OpenAPI document. */
export const SIGV4 = "sigv4";

/** Where the paths of operators are: in the base of their service, which the API's other rules go by. */
const OPERATORS_PATH = /^[/]v1[/][^/]+[/]ops[/]/;

/** JSON bodies are metadata; a whole batch of a hundred uploads fits in well below this. */
const MAX_BODY_BYTES = 1_048_576;

/**
 * Declares a route. A file per route exports one of these; the service lists it in `routes.ts`.
 *
 *     export const getUpload = defineRoute<Deps>()(createRoute({ … }), async (c, deps) => …);
 */
export function defineRoute<D>() {
  return <R extends RouteConfig>(spec: R, handle: Handler<R, D>): Route<D> => ({
    spec,
    handle: handle as unknown as Route<D>["handle"],
  });
}

/**
 * Declares a route that takes no token of the user but a capability in its path. In the OpenAPI
 * document it has `security: []`, so that API Gateway asks no authorizer; the route itself is never
 * without a principal.
 */
export function defineCapabilityRoute<D>(capability: Capability<D>) {
  return <R extends RouteConfig>(spec: R, handle: Handler<R, D>): Route<D> => ({
    ...defineRoute<D>()({ ...spec, security: [] } as R, handle),
    capability,
  });
}

/**
 * Declares a route of operators, at `/v1/<base>/ops/…`. API Gateway takes it only signed (SigV4) by
 * AWS credentials that IAM lets call it; a token does not open it. Who calls is the ARN that IAM
 * gives, and may do what an administrator may.
 */
export function defineOperatorRoute<D>() {
  return <R extends RouteConfig>(spec: R, handle: Handler<R, D>): Route<D> =>
    forOperators(defineRoute<D>()(spec, handle));
}

/** A route with the same handler for operators: what it is declared with holds, but for who is let in. */
export function forOperators<D>({ spec, handle }: Route<D>): Route<D> {
  return { spec: { ...spec, security: [{ [SIGV4]: [] }] }, handle, operators: true };
}

/** Everything around the routes of a service: identity, correlation, limits, CORS, problems, logs. */
export function createApi<D>(options: {
  routes: Route<D>[];
  deps: D;
  log: Logger;
  corsOrigins: string[];
  /** Needed by every API that has a POST. */
  idempotency?: IdempotencyStore;
  /** Without one nobody is limited. */
  limiter?: RateLimiter;
  now?: () => number;
}): Api {
  const api: Api = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid });

  api.use(
    cors({
      origin: options.corsOrigins,
      allowMethods: ["GET", "POST", "PATCH", "DELETE"],
      allowHeaders: [
        "Authorization",
        "Content-Type",
        "Idempotency-Key",
        "If-Match",
        "If-None-Match",
        "X-Correlation-Id",
      ],
      exposeHeaders: [
        "ETag",
        "Idempotency-Expires",
        "Idempotency-Replayed",
        "Link",
        "Location",
        "Retry-After",
        "Version-Token",
        "X-Request-Id",
        "X-Correlation-Id",
      ],
      maxAge: 600,
    }),
  );
  api.use(accompany(options.log));
  for (const route of options.routes) {
    assertGuarded(route);
    const { spec, capability, operators } = route;
    const path = spec.path.replaceAll(/\{(\w+)\}/g, ":$1");
    const method = spec.method.toUpperCase();
    if (capability) api.on(method, path, admitHolder(capability, options.deps));
    if (operators) api.on(method, path, admitOperator);
  }
  api.use(admitAuthorized);
  // Before anything is read or begun: what is refused costs as little as can be.
  if (options.limiter) api.use(rateLimit(options.limiter));
  api.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => {
        throw new AppError("payload-too-large", `A body may have ${MAX_BODY_BYTES} bytes.`);
      },
    }),
  );
  if (options.idempotency) {
    api.use(idempotency(options.idempotency, options.now ?? Date.now));
  } else if (options.routes.some((route) => route.spec.method === "post")) {
    throw new Error("An API with a POST route needs an idempotency store.");
  }
  for (const route of options.routes) register(api, route, options.deps);

  api.notFound((c) => {
    throw new AppError("not-found", `There is no ${c.req.method} ${c.req.path}.`);
  });
  api.onError((error, c) => {
    const problem = toProblem(asAppError(error), c.get("requestId") ?? "unknown");
    if (problem.status >= 500) c.get("log")?.error({ err: error }, "a request failed");
    const headers = error instanceof AppError ? error.headers : {};
    return c.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, {
      ...headers,
      "Content-Type": PROBLEM_JSON,
    });
  });
  return api;
}

/** The OpenAPI 3.1 document of a service's routes; needs nothing that runs. */
export function openApiDocument<D>(title: string, description: string, routes: Route<D>[]) {
  const api: Api = new OpenAPIHono<ApiEnv>();
  api.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
  });
  if (routes.some(({ operators }) => operators)) {
    api.openAPIRegistry.registerComponent("securitySchemes", SIGV4, {
      type: "apiKey",
      in: "header",
      name: "Authorization",
      description:
        "AWS Signature Version 4 of the service `execute-api`, by credentials that IAM lets call the route.",
      "x-amazon-apigateway-authtype": "awsSigv4",
    });
  }
  for (const route of routes) register(api, route, undefined as D);
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title, description, version: "1", license: { name: "Apache-2.0" } },
    security: [{ bearer: [] }],
  });
}

export type OpenApiDocument = ReturnType<typeof openApiDocument>;

function register<D>(api: Api, { spec, handle }: Route<D>, deps: D): void {
  const handler = (context: Context<ApiEnv>) => handle(context, deps);
  api.openapi(spec, handler as unknown as RouteHandler<RouteConfig, ApiEnv>);
}

/** What every request has, whoever sends it: ids and a log. */
function accompany(log: Logger) {
  return async (c: Context<ApiEnv>, next: () => Promise<void>) => {
    const started = performance.now();
    const requestContext = c.env.requestContext;
    const requestId = requestContext?.requestId ?? crypto.randomUUID();
    const wanted = c.req.header("x-correlation-id");
    const correlationId = wanted && /^[\w-]{8,64}$/.test(wanted) ? wanted : requestId;
    c.set("requestId", requestId);
    c.set("correlationId", correlationId);
    c.set("log", log.child({ requestId, correlationId }));
    c.header("X-Request-Id", requestId);
    c.header("X-Correlation-Id", correlationId);
    c.header("Cache-Control", "no-store");
    try {
      await traced("request", { annotations: { correlationId, requestId } }, next);
    } catch (thrown) {
      // Hono turns errors into answers by itself, but lets through what is thrown and is no Error.
      throw new Error(`Something was thrown that is no Error: ${inspect(thrown)}`);
    }
    c.get("log").info(
      {
        method: c.req.method,
        path: withoutCapabilities(c.req.path),
        status: c.res.status,
        ms: Math.round(performance.now() - started),
      },
      "answered",
    );
  };
}

/** Runs for one route alone, before the authorizer is asked for. */
function admitHolder<D>({ parameter, holder }: Capability<D>, deps: D) {
  return async (c: Context<ApiEnv>, next: () => Promise<void>) => {
    const principal = await holder(c.req.param(parameter) ?? "", deps);
    if (!principal) {
      throw new AppError("unauthorized", "This address is not valid, or not any more.");
    }
    c.set("principal", principal);
    await next();
  };
}

/** IAM's word, as API Gateway passes it on; a client can't write it, and a token's authorizer says nothing here. */
async function admitOperator(c: Context<ApiEnv>, next: () => Promise<void>): Promise<void> {
  const arn: unknown = c.env.requestContext?.identity?.userArn;
  if (typeof arn !== "string" || arn === "") {
    throw new AppError("unauthorized", "Sign the request with AWS credentials (SigV4).");
  }
  c.set("principal", { userId: arn, admin: true });
  await next();
}

/** The authorizer's word is the only way in, except where a route's own capability, or IAM, has let the caller in. */
async function admitAuthorized(c: Context<ApiEnv>, next: () => Promise<void>): Promise<void> {
  if (c.get("principal") === undefined) {
    const authorizer = c.env.requestContext?.authorizer;
    const userId: unknown = authorizer?.userId;
    if (typeof userId !== "string" || userId === "") {
      throw new AppError("unauthorized", "Send a bearer token in the Authorization header.");
    }
    c.set("principal", { userId, admin: String(authorizer?.admin) === "true" });
  }
  await next();
}

/** No route loses its authorizer by a declaration alone, and operators' paths are theirs alone. @throws Error */
function assertGuarded<D>({ spec, capability, ...route }: Route<D>): void {
  const operators = route.operators === true;
  const where = `${spec.method} ${spec.path}`;
  if ((spec.security !== undefined) !== (capability !== undefined || operators)) {
    throw new Error(`${where} has to be declared by defineCapabilityRoute or defineOperatorRoute.`);
  }
  if (OPERATORS_PATH.test(spec.path) !== operators) {
    throw new Error(`${where}: operators' routes, and no others, are at /v1/<base>/ops/.`);
  }
}

function refuseInvalid(result: { success: boolean; error?: ZodError }) {
  if (!result.success && result.error) throw invalidRequest(result.error);
}

function asAppError(error: unknown): unknown {
  if (error instanceof HTTPException && error.status === 400) {
    return new AppError("malformed-json", "The body can't be read as JSON.", { cause: error });
  }
  if (error instanceof HTTPException && error.status === 415) {
    return new AppError("unsupported-media-type", "Send the body as application/json.", {
      cause: error,
    });
  }
  return error;
}
