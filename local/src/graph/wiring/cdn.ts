import type { Resource } from "../resource.ts";
import { at, type Graph } from "./graph.ts";

/** What is signed is served, and by nobody else. */

export function cdnMayRead(graph: Graph): string[] {
  return graph.ofType("aws:cloudfront/distribution:Distribution").flatMap((distribution) =>
    (
      distribution.inputs.origins as { domainName: string; originAccessControlId?: string }[]
    ).flatMap((origin) => {
      if (!origin.domainName.includes(".s3.")) return apiIsReached(graph, distribution, origin);
      const bucketName = origin.domainName.split(".s3.")[0];
      const bucket = graph
        .ofType("aws:s3/bucket:Bucket")
        .find((candidate) => candidate.inputs.bucket === bucketName);
      if (!bucket) return [`${at(distribution)}: its origin ${bucketName} is not declared`];
      const control = graph
        .ofType("aws:cloudfront/originAccessControl:OriginAccessControl")
        .some((candidate) => candidate.outputs.id === origin.originAccessControlId);
      const allowed = graph.mayDo(
        "cloudfront.amazonaws.com",
        "s3:GetObject",
        `${bucket.outputs.arn}/*`,
        distribution.outputs.arn,
      );
      return control && allowed ? [] : [`${at(bucket)}: the CDN may not read it`];
    }),
  );
}

/** An origin that is no bucket is the name of the APIs, to which each of them has its rule. */
function apiIsReached(
  graph: Graph,
  distribution: Resource,
  { domainName }: { domainName: string },
): string[] {
  const declared = graph
    .ofType("aws:apigateway/domainName:DomainName")
    .some((domain) => domain.inputs.domainName === domainName);
  if (!declared) return [`${at(distribution)}: its origin ${domainName} is not declared`];
  const rules = graph
    .ofType("aws:apigatewayv2/routingRule:RoutingRule")
    .filter((rule) => rule.inputs.domainName === domainName);
  const reached = rules.flatMap((rule) =>
    (rule.inputs.actions as { invokeApi: { apiId: string } }[]).map((one) => one.invokeApi.apiId),
  );
  return graph
    .ofType("aws:apigateway/restApi:RestApi")
    .filter((api) => !reached.includes(String(api.outputs.id)))
    .map((api) => `${at(api)}: no rule of ${domainName} leads to it`);
}

export function signingKeysAreTrusted(graph: Graph): string[] {
  const groups = graph.ofType("aws:cloudfront/keyGroup:KeyGroup");
  const keys = graph.ofType("aws:cloudfront/publicKey:PublicKey");
  const [distribution] = graph.ofType("aws:cloudfront/distribution:Distribution");
  const text = JSON.stringify(distribution?.inputs ?? {});
  const trusted = groups.filter((group) => text.includes(`"${group.outputs.id}"`));
  const items = new Set(trusted.flatMap((group) => group.inputs.items as string[]));
  const secrets = graph.ofType("aws:secretsmanager/secret:Secret");
  const versions = graph.ofType("aws:secretsmanager/secretVersion:SecretVersion");
  const used = graph.ofType("aws:lambda/function:Function").flatMap((fn) => {
    const { variables } = (fn.inputs.environment ?? { variables: {} }) as {
      variables: Record<string, string>;
    };
    if (!variables.CDN_KEY_ID) return [];
    const secret = secrets.some((candidate) => candidate.outputs.arn === variables.CDN_KEY_SECRET);
    const value = versions.some((version) => version.inputs.secretId === variables.CDN_KEY_SECRET);
    return [
      ...(items.has(variables.CDN_KEY_ID) ? [] : [`${at(fn)}: its signing key is not trusted`]),
      ...(secret && value ? [] : [`${at(fn)}: its signing key has no secret`]),
    ];
  });
  // Who exchanges the key that signs finds the other one's secret ready.
  const unready = keys
    .filter((key) => items.has(key.outputs.id as string))
    .filter((key) => {
      const own = secrets.find((secret) => secret.inputs.name === key.inputs.name);
      return !own || !versions.some((version) => version.inputs.secretId === own.outputs.id);
    })
    .map((key) => `${at(key)}: nobody can sign with it, for its private half is in no secret`);
  const strangers = [...items]
    .filter((item) => !keys.some((key) => key.outputs.id === item))
    .map((item) => `the CDN trusts the key ${item}, which is not declared`);
  return [...used, ...unready, ...strangers, ...(distribution ? [] : ["there is no CDN"])];
}
