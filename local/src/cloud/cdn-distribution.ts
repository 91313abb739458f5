import type { Resource } from "../graph/resource.ts";
import { text } from "./apply/inputs.ts";

interface CacheBehavior {
  pathPattern?: string;
  targetOriginId: string;
  cachePolicyId: string;
  responseHeadersPolicyId?: string;
  trustedKeyGroups?: string[];
}

export interface Behavior {
  pathPattern: string;
  bucket: string;
  signed: boolean;
  allowedQueryStrings: string[];
  responseHeaders: Record<string, string>;
}

export interface Distribution {
  behaviors: Behavior[];
  publicKeys: { id: string; pem: string }[];
}

/** The CDN as the platform's program declares it: what is served from where, and by whose signature. */
export function cdnDistribution(graph: Resource[]): Distribution {
  const find = (type: string, id: unknown) =>
    graph.find((r) => r.type === type && r.outputs.id === id);
  const distribution = graph.find((r) => r.type === "aws:cloudfront/distribution:Distribution");
  if (!distribution) throw new Error("The platform's program declares no CDN.");
  const { inputs } = distribution;
  const origins = inputs.origins as { originId: string; domainName: string }[];

  const behavior = (declared: CacheBehavior): Behavior => {
    const origin = origins.find((candidate) => candidate.originId === declared.targetOriginId);
    const cache = find("aws:cloudfront/cachePolicy:CachePolicy", declared.cachePolicyId);
    const headers = find(
      "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
      declared.responseHeadersPolicyId,
    );
    return {
      pathPattern: declared.pathPattern ?? "default",
      bucket: text(origin?.domainName.split(".s3.")[0]),
      signed: (declared.trustedKeyGroups ?? []).length > 0,
      allowedQueryStrings: cache ? allowedQueryStrings(cache) : [],
      responseHeaders: headers ? responseHeaders(headers) : {},
    };
  };
  const declared = inputs.orderedCacheBehaviors as CacheBehavior[];
  return {
    behaviors: [...declared, inputs.defaultCacheBehavior as CacheBehavior].map(behavior),
    publicKeys: graph
      .filter((r) => r.type === "aws:cloudfront/publicKey:PublicKey")
      .filter((key) => isTrusted(key, graph))
      .map((key) => ({ id: text(key.outputs.id), pem: text(key.inputs.encodedKey) })),
  };
}

function isTrusted(key: Resource, graph: Resource[]): boolean {
  return graph
    .filter((r) => r.type === "aws:cloudfront/keyGroup:KeyGroup")
    .some((group) => (group.inputs.items as string[]).includes(text(key.outputs.id)));
}

function allowedQueryStrings(policy: Resource): string[] {
  const parameters = policy.inputs.parametersInCacheKeyAndForwardedToOrigin as {
    queryStringsConfig: { queryStringBehavior: string; queryStrings?: { items: string[] } };
  };
  return parameters.queryStringsConfig.queryStrings?.items ?? [];
}

function responseHeaders({ inputs }: Resource): Record<string, string> {
  const security = inputs.securityHeadersConfig as
    | { contentSecurityPolicy?: { contentSecurityPolicy: string } }
    | undefined;
  const cors = inputs.corsConfig as { accessControlAllowOrigins: { items: string[] } } | undefined;
  const origins = cors?.accessControlAllowOrigins.items ?? [];
  return {
    "x-content-type-options": "nosniff",
    ...(security?.contentSecurityPolicy && {
      "content-security-policy": security.contentSecurityPolicy.contentSecurityPolicy,
    }),
    ...(origins.length > 0 && { "access-control-allow-origin": origins.join(",") }),
  };
}
