import type { APIGatewayEventRequestContext } from "aws-lambda";
import type { Logger } from "../log.ts";
import type { RateLimiter } from "../rate-limit/limiter.ts";
import { type Api, createApi, type Route } from "./api.ts";
import type { IdempotencyStore } from "./idempotency.ts";

export const ORIGIN = "https://web.example";

interface Call {
  method?: string;
  /** Sent as JSON, unless it is text already. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Null for a request that no authorizer saw. */
  userId?: string | null;
  admin?: string;
  /** The ARN by which IAM knows who signed the request. */
  operator?: string;
  requestId?: string;
}

/** An API of the given routes, and how to call it as API Gateway would: with the authorizer's word beside the request. */
export function testApi<D>(
  routes: Route<D>[],
  deps: D,
  options: {
    log: Logger;
    idempotency?: IdempotencyStore;
    limiter?: RateLimiter;
    now?: () => number;
  },
) {
  const api: Api = createApi({ routes, deps, corsOrigins: [ORIGIN], ...options });
  async function call(path: string, { body, headers, ...rest }: Call = {}): Promise<Response> {
    const { method = body === undefined ? "GET" : "POST", requestId = "request-1" } = rest;
    const { userId = "ann", admin, operator = null } = rest;
    const requestContext = {
      requestId,
      authorizer: userId === null ? undefined : { userId, admin },
      identity: { userArn: operator },
    } as unknown as APIGatewayEventRequestContext;
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    return await api.request(
      path,
      {
        method,
        body: text,
        headers: { ...(text !== undefined && { "content-type": "application/json" }), ...headers },
      },
      { requestContext },
    );
  }
  return { api, call };
}
