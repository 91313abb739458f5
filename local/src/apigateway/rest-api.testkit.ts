import { toFunctionError } from "../lambda/function-error.ts";
import { keepingLogger } from "../lambda/handlers.testkit.ts";
import type { InvokeResult } from "../lambda/runtime.ts";
import { type RestApiOptions, type RunningRestApi, startRestApi } from "./rest-api.ts";
import type { OpenApiNode, RestApiSpec } from "./spec.ts";

export const API_ARN = "arn:aws:lambda:us-east-1:000000000000:function:api";
export const AUTH_ARN = "arn:aws:lambda:us-east-1:000000000000:function:auth";

export type Handler = (event: Record<string, unknown>) => unknown;

export function invokeUri(functionArn: string): string {
  return `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

/** An operation that goes to the function of the API, with changes to its integration and more keys. */
export function operation(integration: object = {}, more: object = {}): OpenApiNode {
  return {
    "x-amazon-apigateway-integration": {
      type: "aws_proxy",
      httpMethod: "POST",
      uri: invokeUri(API_ARN),
      ...integration,
    },
    ...more,
  };
}

const running: RunningRestApi[] = [];

/** Starts an API; `api` and `auth` are the two functions' handlers. */
export async function startApi(
  body: OpenApiNode,
  handlers: { api?: Handler; auth?: Handler } = {},
  changes: Partial<RestApiSpec> = {},
  options: Partial<RestApiOptions> = {},
) {
  const { log, lines } = keepingLogger();
  const spec: RestApiSpec = {
    apiId: "abc123",
    name: "test",
    region: "us-east-1",
    accountId: "000000000000",
    stage: "live",
    port: 0,
    allowedFunctionArns: [API_ARN, AUTH_ARN],
    body,
    ...changes,
  };
  const invoke = async (functionArn: string, event: unknown): Promise<InvokeResult> => {
    const requestId = "lambda-request";
    const handler = functionArn === API_ARN ? handlers.api : handlers.auth;
    try {
      const payload = (await handler?.(JSON.parse(JSON.stringify(event)))) ?? null;
      return { outcome: "success", requestId, payload: JSON.parse(JSON.stringify(payload)) };
    } catch (thrown) {
      return { outcome: "function-error", requestId, error: toFunctionError(thrown) };
    }
  };
  const api = await startRestApi(spec, { invoke, log, ...options });
  running.push(api);
  return {
    lines,
    port: api.port,
    get: (path: string, init: RequestInit = {}) => fetch(`${api.url}${path}`, init),
  };
}

export async function closeApis(): Promise<void> {
  await Promise.all(running.splice(0).map((api) => api.close()));
}
