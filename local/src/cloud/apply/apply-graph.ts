import type { Resource } from "../../graph/resource.ts";
import type { AwsClients } from "../aws-clients.ts";
import type { Applier } from "./applier.ts";
import { dynamodbAppliers } from "./dynamodb.ts";
import { eventBridgeAppliers, pruneRules } from "./eventbridge.ts";
import { s3Appliers } from "./s3.ts";
import { secretsManagerAppliers } from "./secretsmanager.ts";
import { sqsAppliers } from "./sqs.ts";

/** Types by the order in which they are applied; those of one entry at the same time. */
const stages: Record<string, Applier>[] = [
  {
    ...s3Appliers.buckets,
    ...sqsAppliers.deadLetterQueues,
    ...dynamodbAppliers,
    ...secretsManagerAppliers,
  },
  { ...s3Appliers.settings, ...sqsAppliers.queues, ...eventBridgeAppliers.buses },
  { ...sqsAppliers.policies, ...eventBridgeAppliers.rules },
  eventBridgeAppliers.targets,
];

/** Types that become part of something else: who builds them is said beside each. */
const builtElsewhere = new Set([
  // The service processes (service-specs.ts).
  "aws:lambda/function:Function",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/permission:Permission",
  "aws:apigateway/restApi:RestApi",
  "aws:apigateway/deployment:Deployment",
  "aws:apigateway/stage:Stage",
  // The CDN (cdn-distribution.ts).
  "aws:cloudfront/cachePolicy:CachePolicy",
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudfront/keyGroup:KeyGroup",
  "aws:cloudfront/originAccessControl:OriginAccessControl",
  "aws:cloudfront/publicKey:PublicKey",
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
  "tls:index/privateKey:PrivateKey",
  // The search engine is one node that is always there.
  "aws:opensearch/domain:Domain",
  // Roles are checked as wiring (graph/wiring); calls are not authorised one by one here.
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  // Logs are files.
  "aws:cloudwatch/logGroup:LogGroup",
]);

/** Types that watch or guard a deployed system and have no counterpart here: said at every start. */
const notEmulated = new Set([
  "aws:budgets/budget:Budget",
  "aws:apigateway/methodSettings:MethodSettings",
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:cloudwatch/logDelivery:LogDelivery",
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
  "aws:cloudwatch/logDeliverySource:LogDeliverySource",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:iam/policy:Policy",
  "aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan",
  "aws:s3/bucketLogging:BucketLogging",
  "aws:schemas/registry:Registry",
  "aws:schemas/schema:Schema",
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:wafv2/webAcl:WebAcl",
  "aws:wafv2/webAclAssociation:WebAclAssociation",
]);

/** What the graph declares and the local cloud leaves out on purpose, such as `31 × MetricAlarm`. */
export function leftOut(graph: Resource[]): string[] {
  const counts = new Map<string, number>();
  for (const { type } of graph) {
    if (!notEmulated.has(type)) continue;
    const name = type.split(":").at(-1) ?? type;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} × ${name}`);
}

/** Builds what the graph declares. Rejects on a type it does not know: nothing is left out in silence. */
export async function applyGraph(graph: Resource[], aws: AwsClients): Promise<void> {
  const appliers = Object.assign({}, ...stages) as Record<string, Applier>;
  for (const { type, name, program } of graph) {
    if (type.startsWith("shoebox:") || type in appliers) continue;
    if (builtElsewhere.has(type) || notEmulated.has(type)) continue;
    throw new Error(`${program}: the local cloud does not know how to build ${type} (${name}).`);
  }
  for (const stage of stages) {
    await Promise.all(
      graph.map(async (resource) => {
        try {
          await stage[resource.type]?.(resource, aws);
        } catch (error) {
          const { program, type, name } = resource;
          const reason = error instanceof Error ? error.message : String(error);
          throw new Error(`${program}: ${type} ${name} can't be built: ${reason}`, {
            cause: error,
          });
        }
      }),
    );
  }
  await pruneRules(graph, aws);
}
