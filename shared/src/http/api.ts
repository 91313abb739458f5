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
import type { ApiEnv } from "./env.ts";
import { type IdempotencyStore, idempotency } from "./idempotency.ts";
import { invalidRequest } from "./invalid-request.ts";
import { PROBLEM_JSON, toProblem } from "./problem.ts";

export type Api = OpenAPIHono<ApiEnv>;

/** One route: its declaration, from which the OpenAPI document is made, and how it joins an API. */
export interface Route<D> {
  spec: RouteConfig;
  register(api: Api, deps: D): void;
}

/** What `c.body(null, 204)` is; the library types a declared answer without content as an empty object. */
type NoContent = TypedResponse<null, 204, "body">;

/** JSON bodies are metadata; a whole batch of a hundred uploads fits in well below this. */
const MAX_BODY_BYTES = 1_048_576;

/**
 * Declares a route. A file per route exports one of these; the service lists it in `routes.ts`.
 *
 *     export const getUpload = defineRoute<Deps>()(createRoute({ … }), async (c, deps) => …);
 */
export function defineRoute<D>() {
  return <R extends RouteConfig>(
    spec: R,
    handle: (
      context: Parameters<RouteHandler<R, ApiEnv>>[0],
      deps: D,
    ) => Promise<RouteConfigToTypedResponse<R> | NoContent>,
  ): Route<D> => ({
    spec,
    register: (api, deps) => {
      const handler = (context: Parameters<RouteHandler<R, ApiEnv>>[0]) => handle(context, deps);
      api.openapi(spec, handler as unknown as RouteHandler<R, ApiEnv>);
    },
  });
}

/** Everything around the routes of a service: identity, correlation, limits, CORS, problems, logs. */
export function createApi<D>(options: {
  routes: Route<D>[];
  deps: D;
  log: Logger;
  corsOrigins: string[];
  /** Needed by every API that has a POST. */
  idempotency?: IdempotencyStore;
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
        "X-Request-Id",
        "X-Correlation-Id",
      ],
      maxAge: 600,
    }),
  );
  api.use(identify(options.log));
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
  for (const route of options.routes) route.register(api, options.deps);

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
  for (const route of routes) route.register(api, undefined as D);
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title, description, version: "1", license: { name: "Apache-2.0" } },
    security: [{ bearer: [] }],
  });
}

export type OpenApiDocument = ReturnType<typeof openApiDocument>;

function identify(log: Logger) {
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
    const authorizer = requestContext?.authorizer;
    const userId: unknown = authorizer?.userId;
    if (typeof userId !== "string" || userId === "") {
      throw new AppError("unauthorized", "Send a bearer token in the Authorization header.");
    }
    c.set("principal", { userId, admin: String(authorizer?.admin) === "true" });
    try {
      await next();
    } catch (thrown) {
      // Hono turns errors into answers by itself, but lets through what is thrown and is no Error.
      throw new Error(`Something was thrown that is no Error: ${inspect(thrown)}`);
    }
    c.get("log").info(
      {
        method: c.req.method,
        path: c.req.path,
        status: c.res.status,
        ms: Math.round(performance.now() - started),
      },
      "answered",
    );
  };
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
