import { policyDocument } from "./policy-document.ts";
import type { World } from "./resource.ts";

type Inputs = Record<string, unknown>;
type Attributes = (inputs: Inputs, world: World, name: string) => Record<string, unknown>;

const arn = (world: World, service: string, rest: unknown) =>
  `arn:aws:${service}:${world.region}:${world.accountId}:${rest}`;
const globalArn = (world: World, service: string, rest: unknown) =>
  `arn:aws:${service}::${world.accountId}:${rest}`;
const invokeArn = (world: World, functionArn: string) =>
  `arn:aws:apigateway:${world.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
const none: Attributes = () => ({});

/**
 * The computed attributes of every type the programs use, as the AWS provider gives them. A type
 * that is not here is refused: an attribute nobody computes would turn into the text "undefined"
 * somewhere far away.
 */
const attributes: Record<string, Attributes> = {
  "aws:acm/certificate:Certificate": (inputs, world, name) => ({
    arn: `arn:aws:acm:${inputs.region ?? world.region}:${world.accountId}:certificate/${name}`,
    domainValidationOptions: [
      {
        domainName: inputs.domainName,
        resourceRecordName: `_proof.${inputs.domainName}`,
        resourceRecordType: "CNAME",
        resourceRecordValue: "_proof.acm-validations.aws",
      },
    ],
  }),
  "aws:acm/certificateValidation:CertificateValidation": none,
  "aws:apigateway/domainName:DomainName": (inputs, world) => ({
    id: inputs.domainName,
    regionalDomainName: `d-${inputs.domainName}.execute-api.${world.region}.amazonaws.com`,
    regionalZoneId: "Z1UJRXOUMOOFQ8",
  }),
  "aws:apigatewayv2/routingRule:RoutingRule": none,
  "aws:apigateway/deployment:Deployment": (inputs) => ({ id: `deployment-${inputs.restApi}` }),
  "aws:apigateway/restApi:RestApi": (inputs, world) => ({
    id: String(inputs.name),
    executionArn: arn(world, "execute-api", inputs.name),
  }),
  "aws:apigateway/methodSettings:MethodSettings": none,
  "aws:apigateway/stage:Stage": (inputs, world) => ({
    arn: `arn:aws:apigateway:${world.region}::/restapis/${inputs.restApi}/stages/${inputs.stageName}`,
    invokeUrl: `https://${inputs.restApi}.execute-api.${world.region}.amazonaws.com/${inputs.stageName}`,
  }),
  "aws:cloudfront/cachePolicy:CachePolicy": (inputs) => ({ id: inputs.name }),
  "aws:cloudfront/distribution:Distribution": (_, world, name) => ({
    id: `distribution-${name}`,
    arn: globalArn(world, "cloudfront", `distribution/distribution-${name}`),
    domainName: world.cdnDomain,
  }),
  "aws:cloudfront/function:Function": (inputs, world) => ({
    arn: globalArn(world, "cloudfront", `function/${inputs.name}`),
  }),
  "aws:cloudfront/keyGroup:KeyGroup": (inputs) => ({ id: inputs.name }),
  "aws:cloudfront/originAccessControl:OriginAccessControl": (inputs) => ({ id: inputs.name }),
  "aws:cloudfront/publicKey:PublicKey": (inputs) => ({ id: inputs.name }),
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": (inputs) => ({ id: inputs.name }),
  "aws:cloudwatch/dashboard:Dashboard": none,
  "aws:cloudwatch/eventArchive:EventArchive": (inputs, world) => ({
    arn: arn(world, "events", `archive/${inputs.name}`),
  }),
  "aws:cloudwatch/eventBus:EventBus": (inputs, world) => ({
    arn: arn(world, "events", `event-bus/${inputs.name}`),
  }),
  "aws:cloudwatch/eventRule:EventRule": (inputs, world) => ({
    arn: arn(
      world,
      "events",
      inputs.eventBusName === "default"
        ? `rule/${inputs.name}`
        : `rule/${inputs.eventBusName}/${inputs.name}`,
    ),
  }),
  "aws:cloudwatch/eventTarget:EventTarget": none,
  "aws:budgets/budget:Budget": none,
  "aws:cloudwatch/logDelivery:LogDelivery": none,
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": (inputs, world) => ({
    arn: arn(world, "logs", `delivery-destination:${inputs.name}`),
  }),
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": none,
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": none,
  "aws:cloudwatch/metricAlarm:MetricAlarm": (inputs, world) => ({
    arn: arn(world, "cloudwatch", `alarm:${inputs.name}`),
  }),
  "aws:cloudwatch/logGroup:LogGroup": (inputs, world) => ({
    arn: arn(world, "logs", `log-group:${inputs.name}`),
  }),
  "aws:dynamodb/table:Table": (inputs, world) => ({
    arn: arn(world, "dynamodb", `table/${inputs.name}`),
    streamArn: arn(world, "dynamodb", `table/${inputs.name}/stream/latest`),
  }),
  "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan": (_, world, name) => ({
    arn: arn(world, "guardduty", `malware-protection-plan/${name}`),
  }),
  "aws:iam/policy:Policy": (inputs, world) => ({
    arn: globalArn(world, "iam", `policy/${inputs.name}`),
  }),
  "aws:iam/role:Role": (inputs, world) => ({ arn: globalArn(world, "iam", `role/${inputs.name}`) }),
  "aws:iam/rolePolicy:RolePolicy": none,
  "aws:lambda/alias:Alias": (inputs, world) => {
    const aliasArn = `${inputs.functionName}:${inputs.name}`;
    return { arn: aliasArn, invokeArn: invokeArn(world, aliasArn) };
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": (_, __, name) => ({
    uuid: `mapping-${name}`,
  }),
  "aws:lambda/function:Function": (inputs, world) => {
    const functionArn = arn(world, "lambda", `function:${inputs.name}`);
    return {
      arn: functionArn,
      invokeArn: invokeArn(world, functionArn),
      version: inputs.publish ? "1" : "$LATEST",
    };
  },
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": none,
  "aws:lambda/permission:Permission": none,
  "aws:opensearch/domain:Domain": (inputs, world) => ({
    arn: arn(world, "es", `domain/${inputs.domainName}`),
    endpoint: world.searchEndpoint,
  }),
  "aws:route53/record:Record": (inputs) => ({ fqdn: inputs.name }),
  "aws:s3/bucketObjectv2:BucketObjectv2": none,
  "aws:s3/bucket:Bucket": (inputs) => ({
    id: inputs.bucket,
    arn: `arn:aws:s3:::${inputs.bucket}`,
  }),
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": none,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": none,
  "aws:s3/bucketLogging:BucketLogging": none,
  "aws:s3/bucketNotification:BucketNotification": none,
  "aws:s3/bucketPolicy:BucketPolicy": none,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": none,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": none,
  "aws:s3/bucketVersioning:BucketVersioning": none,
  "aws:schemas/registry:Registry": (inputs, world) => ({
    arn: arn(world, "schemas", `registry/${inputs.name}`),
  }),
  "aws:schemas/schema:Schema": (inputs, world) => ({
    arn: arn(world, "schemas", `schema/${inputs.registryName}/${inputs.name}`),
  }),
  "aws:secretsmanager/secret:Secret": (inputs, world) => {
    const secretArn = arn(world, "secretsmanager", `secret:${inputs.name}`);
    return { id: secretArn, arn: secretArn };
  },
  "aws:secretsmanager/secretVersion:SecretVersion": none,
  "aws:sns/topic:Topic": (inputs, world) => ({ arn: arn(world, "sns", inputs.name) }),
  "aws:sns/topicPolicy:TopicPolicy": none,
  "aws:sns/topicSubscription:TopicSubscription": none,
  "aws:sqs/queue:Queue": (inputs, world) => {
    const url = `${world.sqsUrl}/${world.accountId}/${inputs.name}`;
    return { id: url, url, arn: arn(world, "sqs", inputs.name) };
  },
  "aws:sqs/queuePolicy:QueuePolicy": none,
  "aws:wafv2/webAcl:WebAcl": (inputs, world) => ({
    arn: arn(
      world,
      "wafv2",
      `${inputs.scope === "CLOUDFRONT" ? "global" : "regional"}/webacl/${inputs.name}/acl`,
    ),
  }),
  "aws:wafv2/webAclAssociation:WebAclAssociation": none,
  "tls:index/privateKey:PrivateKey": (_, world, name) => ({
    privateKeyPem: "(made on pulumi up)",
    publicKeyPem: "(made on pulumi up)",
    ...world.keys[name],
  }),
};

/** Id and state of a new resource; throws on a type nobody has described yet. */
export function newResource(
  resource: { type: string; name: string; inputs: Inputs },
  world: World,
): { id: string; state: Record<string, unknown> } {
  const { type, name, inputs } = resource;
  if (type.startsWith("shoebox:")) return { id: name, state: inputs };
  const compute = attributes[type];
  if (!compute) {
    throw new Error(`${type} (${name}): its attributes are not described in local/src/graph.`);
  }
  const state = { ...inputs, ...compute(inputs, world, name) } as Record<string, unknown>;
  return { id: typeof state.id === "string" ? state.id : name, state };
}

/** The data sources the programs ask. */
export function callFunction(token: string, inputs: Inputs, world: World): Inputs {
  switch (token) {
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: world.accountId };
    case "aws:index/getRegion:getRegion":
      return { region: world.region };
    case "aws:iam/getPolicyDocument:getPolicyDocument":
      return { json: policyDocument(inputs) };
    default:
      throw new Error(`${token}: this data source is not described in local/src/graph.`);
  }
}
