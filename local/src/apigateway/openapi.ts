import { functionArnOf } from "./integration-uri.ts";
import { compileMock, type MockIntegration } from "./mock-integration.ts";
import { type Authorization, readAuthorizations } from "./openapi-authorizers.ts";
import { objectAt, onlyKeys } from "./openapi-node.ts";
import type { Resource } from "./router.ts";
import type { OpenApiNode } from "./spec.ts";

export type Integration =
  | { type: "aws_proxy"; functionArn: string; timeoutMs: number }
  | { type: "mock"; answer: MockIntegration };

export interface Method {
  integration: Integration;
  /** Absent: whoever calls is let in. */
  authorization: Authorization | undefined;
}

export interface RestApiDefinition {
  resources: Resource<Method>[];
  binaryMediaTypes: string[];
  gatewayResponses: unknown;
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];
const ANY_METHOD = "x-amazon-apigateway-any-method";
const SUPPORTED = new Set([
  ANY_METHOD,
  "x-amazon-apigateway-authorizer",
  // Says "custom" beside an authorizer, which says the same itself; "awsSigv4" alone is IAM.
  "x-amazon-apigateway-authtype",
  "x-amazon-apigateway-binary-media-types",
  // Documentation, and how the endpoint is reached on AWS: nothing of it shows in an answer.
  "x-amazon-apigateway-documentation",
  "x-amazon-apigateway-endpoint-configuration",
  "x-amazon-apigateway-gateway-responses",
  "x-amazon-apigateway-integration",
]);
const MAXIMUM_TIMEOUT_MS = 29_000;

/**
 * Reads from an OpenAPI document what API Gateway makes of it.
 *
 * @throws Error in one sentence naming an extension, integration or security that is not supported, or that would
 *   silently mean something else on AWS
 */
export function readOpenApi(body: OpenApiNode): RestApiDefinition {
  refuseUnknownExtensions(body, "");
  if (Array.isArray(body.security) && body.security.length > 0) {
    // API Gateway ignores it, and the routes would be open.
    throw new Error(
      "The document has security at its root, which API Gateway ignores; put it on each operation.",
    );
  }
  const authorizations = readAuthorizations(body);
  const resources: Resource<Method>[] = [];
  for (const [path, value] of Object.entries(objectAt(body.paths, "paths") ?? {})) {
    const item = objectAt(value, `path ${path}`) ?? {};
    const methods = new Map<string, Method>();
    for (const key of [...METHODS, ANY_METHOD]) {
      const operation = objectAt(item[key], `${key} ${path}`);
      const method = key === ANY_METHOD ? "ANY" : key.toUpperCase();
      if (operation)
        methods.set(method, readMethod(operation, `${method} ${path}`, authorizations));
    }
    if (methods.size > 0) resources.push({ path, methods });
  }
  const binary = body["x-amazon-apigateway-binary-media-types"] ?? [];
  return {
    resources,
    binaryMediaTypes: Array.isArray(binary) ? binary.map(String) : [],
    gatewayResponses: body["x-amazon-apigateway-gateway-responses"],
  };
}

function readMethod(
  operation: OpenApiNode,
  where: string,
  authorizations: Map<string, Authorization>,
): Method {
  const node = objectAt(operation["x-amazon-apigateway-integration"], where);
  if (!node) throw new Error(`${where} has no x-amazon-apigateway-integration.`);
  return {
    integration: readIntegration(node, where),
    authorization: readSecurity(operation.security, where, authorizations),
  };
}

function readIntegration(node: OpenApiNode, where: string): Integration {
  const type = String(node.type).toLowerCase();
  if (type === "mock") return { type, answer: compileMock(node, where) };
  if (type !== "aws_proxy") {
    throw new Error(
      `${where} has an integration of type ${node.type}, which is not supported; aws_proxy and mock are.`,
    );
  }
  onlyKeys(
    node,
    ["type", "uri", "httpMethod", "passthroughBehavior", "timeoutInMillis", "responses"],
    where,
  );
  if (node.httpMethod !== "POST") {
    throw new Error(
      `${where} invokes its function with ${node.httpMethod}, but Lambda takes only POST.`,
    );
  }
  const timeoutMs = Number(node.timeoutInMillis ?? MAXIMUM_TIMEOUT_MS);
  if (!(timeoutMs >= 50 && timeoutMs <= MAXIMUM_TIMEOUT_MS)) {
    throw new Error(`${where} has a timeout of ${timeoutMs} ms, which is not within 50 and 29000.`);
  }
  return { type, functionArn: functionArnOf(node.uri, where), timeoutMs };
}

function readSecurity(
  security: unknown,
  where: string,
  authorizations: Map<string, Authorization>,
): Authorization | undefined {
  const requirements = Array.isArray(security) ? (security as OpenApiNode[]) : [];
  const names = requirements.flatMap((requirement) => Object.keys(requirement));
  if (names.length === 0) return undefined;
  const [name = "", ...others] = names;
  if (others.length > 0) {
    throw new Error(`${where} names ${names.join(" and ")}, but a method has one authorizer.`);
  }
  const authorization = authorizations.get(name);
  if (!authorization) {
    throw new Error(
      `${where} is secured by ${name}, which has no authorizer: on AWS it would be open.`,
    );
  }
  return authorization;
}

function refuseUnknownExtensions(node: unknown, path: string): void {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key.startsWith("x-amazon-apigateway-") && !SUPPORTED.has(key)) {
      throw new Error(`The document has ${key} at ${path || "its root"}, which is not supported.`);
    }
    refuseUnknownExtensions(value, `${path}/${key}`);
  }
}
