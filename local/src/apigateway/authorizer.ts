import type { Invoke, InvokeResult } from "../lambda/runtime.ts";
import { GatewayError } from "./gateway-error.ts";
import type { AuthorizerSpec } from "./openapi-authorizers.ts";
import { type CompiledPolicy, compilePolicy } from "./policy.ts";
import { type RoutedRequest, requestEvent } from "./proxy-event.ts";
import type { RestApiSpec } from "./spec.ts";

/** What an authorizer adds to `requestContext.authorizer`; the values of its context are strings. */
export interface Authorization {
  principalId: string;
  integrationLatency: number;
  [contextKey: string]: string | number;
}

/** Resolves when the caller may call the method. @throws GatewayError otherwise */
export type Authorize = (routed: RoutedRequest) => Promise<Authorization>;

interface CachedResult {
  policy: CompiledPolicy;
  principalId: string;
  context: Record<string, string>;
  expiresAt: number;
}

/** The oldest entries go when a cache holds more. */
const CACHE_ENTRIES = 10_000;

/** One authorizer with its cache, which like on AWS holds policies by identity, for all methods together. */
export function createAuthorizer(
  authorizer: AuthorizerSpec,
  api: RestApiSpec,
  invoke: (functionArn: string, event: unknown) => ReturnType<Invoke>,
  now: () => number,
): Authorize {
  const cache = new Map<string, CachedResult>();
  return async (routed) => {
    const identity = identityOf(authorizer, routed);
    const key = JSON.stringify(identity);
    const methodArn = methodArnOf(api, routed);
    const started = performance.now();
    let result = cache.get(key);
    const cached = result !== undefined && result.expiresAt > now();
    if (!result || !cached) {
      const event = authorizerEvent(authorizer, api, routed, identity, methodArn);
      result = { ...readResult(await invoke(authorizer.functionArn, event)), expiresAt: 0 };
      result.expiresAt = now() + authorizer.ttlSeconds * 1000;
      if (authorizer.ttlSeconds > 0) remember(cache, key, result);
    }
    const verdict = result.policy(methodArn);
    if (verdict !== "allow") throw denied(verdict);
    const integrationLatency = cached ? 0 : Math.round(performance.now() - started);
    return { ...result.context, principalId: result.principalId, integrationLatency };
  };
}

/** The values of the identity sources. A missing one is a 401 without a call, as is a token of a wrong form. */
function identityOf(authorizer: AuthorizerSpec, { request }: RoutedRequest): string[] {
  return authorizer.identitySources.map((source) => {
    const value =
      source.in === "header" ? request.header(source.name) : request.query.get(source.name);
    if (!value || (authorizer.validation && !authorizer.validation.test(value))) {
      throw new GatewayError("UNAUTHORIZED");
    }
    return value;
  });
}

function methodArnOf(api: RestApiSpec, { request }: RoutedRequest): string {
  const path = request.path.replace(/^\//, "");
  return `arn:aws:execute-api:${api.region}:${api.accountId}:${api.apiId}/${api.stage}/${request.method}/${path}`;
}

function authorizerEvent(
  authorizer: AuthorizerSpec,
  api: RestApiSpec,
  routed: RoutedRequest,
  [token]: string[],
  methodArn: string,
): object {
  if (authorizer.type === "token") return { type: "TOKEN", methodArn, authorizationToken: token };
  return { type: "REQUEST", methodArn, ...requestEvent(api, routed) };
}

function readResult(result: InvokeResult): Omit<CachedResult, "expiresAt"> {
  if (result.outcome === "function-error" && result.error.errorMessage === "Unauthorized") {
    throw new GatewayError("UNAUTHORIZED");
  }
  if (result.outcome !== "success")
    throw misconfigured(`the authorizer ended with ${result.outcome}`);
  const { principalId, policyDocument, context } = (result.payload ?? {}) as Record<
    string,
    unknown
  >;
  const policy = compilePolicy(policyDocument);
  if (typeof principalId !== "string" || !policy) {
    throw misconfigured("the authorizer returned no principalId or no valid policyDocument");
  }
  return { policy, principalId, context: readContext(context) };
}

function readContext(context: unknown): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [key, value] of Object.entries((context ?? {}) as Record<string, unknown>)) {
    if (typeof value === "object") {
      throw misconfigured(
        `the authorizer's context value ${key} is not a string, number or boolean`,
      );
    }
    values[key] = String(value);
  }
  return values;
}

function remember(cache: Map<string, CachedResult>, key: string, result: CachedResult): void {
  cache.delete(key);
  cache.set(key, result);
  const [oldest] = cache.keys();
  if (cache.size > CACHE_ENTRIES && oldest !== undefined) cache.delete(oldest);
}

function denied(verdict: "explicit-deny" | "implicit-deny"): GatewayError {
  if (verdict === "implicit-deny") return new GatewayError("ACCESS_DENIED");
  return new GatewayError("ACCESS_DENIED", {
    clientMessage: "User is not authorized to access this resource with an explicit deny",
  });
}

function misconfigured(reason: string): GatewayError {
  return new GatewayError("AUTHORIZER_CONFIGURATION_ERROR", { reason });
}
