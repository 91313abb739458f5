import { functionArnOf } from "./integration-uri.ts";
import { objectAt, onlyKeys } from "./openapi-node.ts";
import type { OpenApiNode } from "./spec.ts";

/** Where a part of the caller's identity is found in a request. */
export interface IdentitySource {
  in: "header" | "querystring";
  /** Lower case for headers. */
  name: string;
}

/** How a method learns who calls, and whether he may. */
export type Authorization = { type: "iam" } | { type: "custom"; authorizer: AuthorizerSpec };

export interface AuthorizerSpec {
  name: string;
  type: "token" | "request";
  functionArn: string;
  identitySources: IdentitySource[];
  /** A token that does not match is refused without a call. */
  validation: RegExp | undefined;
  ttlSeconds: number;
}

/** API Gateway's default and maximum of `authorizerResultTtlInSeconds`. */
const DEFAULT_TTL_SECONDS = 300;
const MAXIMUM_TTL_SECONDS = 3600;

/** IAM's scheme, by the reserved word for it; an authorizer of one's own may be called anything else. */
const IAM = "awsSigv4";

/**
 * Reads Lambda authorizers and IAM from the document's security schemes (OpenAPI 3 and Swagger 2). Schemes without an
 * extension are documentation and are left out.
 *
 * @throws Error naming what is not supported
 */
export function readAuthorizations(body: OpenApiNode): Map<string, Authorization> {
  const components = objectAt(body.components, "components");
  const schemes = {
    ...objectAt(body.securityDefinitions, "securityDefinitions"),
    ...objectAt(components?.securitySchemes, "components.securitySchemes"),
  };
  const authorizations = new Map<string, Authorization>();
  for (const [name, value] of Object.entries(schemes)) {
    const scheme = objectAt(value, `security scheme ${name}`);
    const node = objectAt(scheme?.["x-amazon-apigateway-authorizer"], `authorizer ${name}`);
    if (scheme && node) {
      authorizations.set(name, { type: "custom", authorizer: readAuthorizer(name, scheme, node) });
    } else if (scheme?.["x-amazon-apigateway-authtype"] === IAM) {
      // Elsewhere the signature would not be looked for.
      if (scheme.type !== "apiKey" || scheme.in !== "header" || scheme.name !== "Authorization") {
        throw new Error(
          `Security scheme ${name} is ${IAM}, but no apiKey in the header Authorization.`,
        );
      }
      authorizations.set(name, { type: "iam" });
    }
  }
  return authorizations;
}

function readAuthorizer(name: string, scheme: OpenApiNode, node: OpenApiNode): AuthorizerSpec {
  const where = `Authorizer ${name}`;
  onlyKeys(
    node,
    [
      "type",
      "authorizerUri",
      "authorizerResultTtlInSeconds",
      "identitySource",
      "identityValidationExpression",
    ],
    where,
  );
  const { type } = node;
  if (type !== "token" && type !== "request") {
    throw new Error(`${where} is of type ${type}, which is not supported; token and request are.`);
  }
  const ttlSeconds = Number(node.authorizerResultTtlInSeconds ?? DEFAULT_TTL_SECONDS);
  if (!(ttlSeconds >= 0 && ttlSeconds <= MAXIMUM_TTL_SECONDS)) {
    throw new Error(
      `${where} has a result TTL of ${ttlSeconds} s, which is not within 0 and 3600.`,
    );
  }
  // A token authorizer's source is the scheme's own header unless it says otherwise.
  const source =
    node.identitySource ?? (type === "token" && `method.request.header.${scheme.name}`);
  const identitySources = typeof source === "string" ? readSources(source, where) : [];
  if (type === "token" && identitySources.length !== 1) {
    throw new Error(`${where} is of type token and needs one header as its identity source.`);
  }
  if (identitySources.length === 0 && ttlSeconds > 0) {
    throw new Error(`${where} caches its results, so it needs an identity source.`);
  }
  const expression = node.identityValidationExpression;
  return {
    name,
    type,
    functionArn: functionArnOf(node.authorizerUri, where),
    identitySources,
    validation: typeof expression === "string" ? new RegExp(`^(?:${expression})$`) : undefined,
    ttlSeconds,
  };
}

function readSources(sources: string, where: string): IdentitySource[] {
  return sources.split(",").map((source) => {
    const [, place, name = ""] =
      /^method\.request\.(header|querystring)\.([\w-]+)$/.exec(source.trim()) ?? [];
    if (place === "header") return { in: "header", name: name.toLowerCase() };
    if (place === "querystring") return { in: "querystring", name };
    throw new Error(`${where} has the identity source ${source}, which is not supported.`);
  });
}
