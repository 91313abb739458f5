import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Resource } from "./resource.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

type Rule = (graph: Graph) => string[];

/**
 * What is wrong with how the declared resources hang together: everything that AWS would accept and
 * that would then silently not work, such as a queue whose policy does not let its rule in. The
 * local cloud refuses to boot on any finding, and a test takes out one resource after another.
 */
export function checkWiring(resources: Resource[]): string[] {
  const graph = new Graph(resources);
  return rules.flatMap((rule) => rule(graph));
}

const rules: Rule[] = [
  rulesHaveTargets,
  targetsCanDeliver,
  queuesAreConsumed,
  eventSourcesMayRead,
  functionsAreCalled,
  sourcesAreDeclared,
  apisMayInvoke,
  tablesAreRelayed,
  bucketsTellWhatRulesWaitFor,
  cdnMayRead,
  signingKeysAreTrusted,
  busesAreArchived,
];

function rulesHaveTargets(graph: Graph): string[] {
  const targets = graph.ofType("aws:cloudwatch/eventTarget:EventTarget");
  return graph.ofType("aws:cloudwatch/eventRule:EventRule").flatMap((rule) => {
    const own = targets.filter((target) => target.inputs.rule === rule.inputs.name);
    return own.length === 1 ? [] : [`${at(rule)}: a rule has one target, not ${own.length}`];
  });
}

function targetsCanDeliver(graph: Graph): string[] {
  return graph.ofType("aws:cloudwatch/eventTarget:EventTarget").flatMap((target) => {
    const rule = graph
      .ofType("aws:cloudwatch/eventRule:EventRule")
      .find((candidate) => candidate.inputs.name === target.inputs.rule);
    if (!rule) return [`${at(target)}: its rule ${target.inputs.rule} is not declared`];
    const deadLetters = target.inputs.deadLetterConfig as { arn?: string } | undefined;
    if (!deadLetters?.arn) return [`${at(target)}: what can't be delivered has nowhere to go`];
    const missing = [target.inputs.arn, deadLetters.arn].filter(
      (queueArn) => !graph.byArn(queueArn),
    );
    if (missing.length > 0) return [`${at(target)}: ${missing.join(", ")} is not declared`];
    return [target.inputs.arn, deadLetters.arn].flatMap((queueArn) =>
      graph.mayDo("events.amazonaws.com", "sqs:SendMessage", queueArn, rule.outputs.arn)
        ? []
        : [`${at(rule)}: no queue policy lets it send to ${queueArn}`],
    );
  });
}

function queuesAreConsumed(graph: Graph): string[] {
  const queues = graph.ofType("aws:sqs/queue:Queue");
  const sources = new Set(graph.mappings().map((mapping) => mapping.inputs.eventSourceArn));
  const deadLetterArns = new Set<unknown>([
    ...queues.map((queue) => redriveTarget(queue)),
    ...graph
      .ofType("aws:cloudwatch/eventTarget:EventTarget")
      .map((target) => (target.inputs.deadLetterConfig as { arn?: string } | undefined)?.arn),
    ...graph.mappings().map(onFailure),
  ]);
  return queues.flatMap((queue) => {
    if (deadLetterArns.has(queue.outputs.arn)) return [];
    if (!sources.has(queue.outputs.arn)) return [`${at(queue)}: nothing reads this queue`];
    const target = redriveTarget(queue);
    return queues.some((candidate) => candidate.outputs.arn === target)
      ? []
      : [`${at(queue)}: it has no dead-letter queue`];
  });
}

function eventSourcesMayRead(graph: Graph): string[] {
  return graph.mappings().flatMap((mapping) => {
    const fn = graph.functionByArn(mapping.inputs.functionName);
    if (!fn) return [`${at(mapping)}: its function is not declared`];
    const source = String(mapping.inputs.eventSourceArn);
    const stream = source.includes(":dynamodb:");
    const declared = graph.all.some(
      (r) => (stream ? r.outputs.streamArn : r.outputs.arn) === source,
    );
    if (!declared) return [`${at(mapping)}: its source ${source} is not declared`];
    const needed = stream
      ? ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"]
      : ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    const missing = needed.filter((action) => !graph.roleAllows(fn, action, source));
    const destination = onFailure(mapping);
    if (stream && !destination) return [`${at(mapping)}: what fails for good has nowhere to go`];
    if (destination && !graph.byArn(destination)) {
      return [`${at(mapping)}: its on-failure destination is not declared`];
    }
    return missing.map((action) => `${at(fn)}: its role does not allow ${action} on ${source}`);
  });
}

function functionsAreCalled(graph: Graph): string[] {
  return graph.ofType("aws:lambda/function:Function").flatMap((fn) => {
    const called =
      graph.mappings().some((mapping) => mapping.inputs.functionName === fn.outputs.arn) ||
      graph
        .ofType("aws:apigateway/restApi:RestApi")
        .some((api) => String(api.inputs.body).includes(String(fn.outputs.invokeArn)));
    return called ? [] : [`${at(fn)}: nothing calls this function`];
  });
}

/** Every entry point in a service's folder is declared, and every declared one exists. */
function sourcesAreDeclared(graph: Graph): string[] {
  const components = graph.ofType("shoebox:index:ServiceFunction");
  const entries = new Set(components.map((component) => String(component.inputs.entry)));
  const missing = [...entries]
    .filter((entry) => !existsSync(join(root, entry)))
    .map((entry) => `${entry}: declared as a function, but there is no such file`);
  const services = [...new Set(components.map((component) => component.program))];
  const forgotten = services.flatMap((service) =>
    readdirSync(join(root, "services", service, "src/functions"))
      .map((file) => `services/${service}/src/functions/${file}`)
      .filter((file) => !file.endsWith(".test.ts") && !entries.has(file))
      .map((file) => `${file}: no program declares this function`),
  );
  const undeployed = components
    .filter(
      (component) =>
        !graph
          .ofType("aws:lambda/function:Function")
          .some((fn) => fn.inputs.name === component.inputs.functionName),
    )
    .map((component) => `${component.inputs.entry}: its function is not declared`);
  return [...missing, ...forgotten, ...undeployed];
}

function apisMayInvoke(graph: Graph): string[] {
  const permissions = graph.ofType("aws:lambda/permission:Permission");
  return graph.ofType("aws:apigateway/restApi:RestApi").flatMap((api) => {
    const body = String(api.inputs.body);
    const called = graph
      .ofType("aws:lambda/function:Function")
      .filter((fn) => body.includes(String(fn.outputs.invokeArn)));
    const staged = graph
      .ofType("aws:apigateway/stage:Stage")
      .find((stage) => stage.inputs.restApi === api.outputs.id);
    const deployed = graph
      .ofType("aws:apigateway/deployment:Deployment")
      .some((deployment) => deployment.outputs.id === staged?.inputs.deployment);
    return [
      ...(staged && deployed ? [] : [`${at(api)}: it is not deployed to a stage`]),
      ...(called.length >= 2 ? [] : [`${at(api)}: it needs a function and an authorizer`]),
      ...called
        .filter(
          (fn) =>
            !permissions.some(
              (permission) =>
                permission.inputs.function === fn.inputs.name &&
                String(permission.inputs.sourceArn).startsWith(String(api.outputs.executionArn)),
            ),
        )
        .map((fn) => `${at(api)}: no permission lets it invoke ${fn.inputs.name}`),
    ];
  });
}

function tablesAreRelayed(graph: Graph): string[] {
  return graph
    .ofType("aws:dynamodb/table:Table")
    .filter(
      (table) =>
        !graph
          .mappings()
          .some((mapping) => mapping.inputs.eventSourceArn === table.outputs.streamArn),
    )
    .map((table) => `${at(table)}: nothing relays its stream`);
}

function bucketsTellWhatRulesWaitFor(graph: Graph): string[] {
  const telling = new Set(
    graph
      .ofType("aws:s3/bucketNotification:BucketNotification")
      .filter((notification) => notification.inputs.eventbridge === true)
      .map((notification) => notification.inputs.bucket),
  );
  return graph.ofType("aws:cloudwatch/eventRule:EventRule").flatMap((rule) => {
    const pattern = JSON.parse(String(rule.inputs.eventPattern ?? "{}")) as {
      source?: string[];
      detail?: { bucket?: { name?: string[] } };
    };
    if (!pattern.source?.includes("aws.s3")) return [];
    return (pattern.detail?.bucket?.name ?? ["any bucket"])
      .filter((bucket) => !telling.has(bucket))
      .map(
        (bucket) => `${at(rule)}: the bucket ${bucket} does not tell EventBridge about its objects`,
      );
  });
}

function cdnMayRead(graph: Graph): string[] {
  return graph.ofType("aws:cloudfront/distribution:Distribution").flatMap((distribution) =>
    (
      distribution.inputs.origins as { domainName: string; originAccessControlId?: string }[]
    ).flatMap((origin) => {
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

function signingKeysAreTrusted(graph: Graph): string[] {
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
  const strangers = [...items]
    .filter((item) => !keys.some((key) => key.outputs.id === item))
    .map((item) => `the CDN trusts the key ${item}, which is not declared`);
  return [...used, ...strangers, ...(distribution ? [] : ["there is no CDN"])];
}

function busesAreArchived(graph: Graph): string[] {
  return graph
    .ofType("aws:cloudwatch/eventBus:EventBus")
    .filter(
      (bus) =>
        !graph
          .ofType("aws:cloudwatch/eventArchive:EventArchive")
          .some((archive) => archive.inputs.eventSourceArn === bus.outputs.arn),
    )
    .map((bus) => `${at(bus)}: nothing archives its events`);
}

function at(resource: Resource): string {
  return `${resource.program} ${resource.type.split(":").at(-1)} ${resource.name}`;
}

function redriveTarget(queue: Resource): unknown {
  const policy = JSON.parse(String(queue.inputs.redrivePolicy ?? "{}")) as Record<string, unknown>;
  return policy.deadLetterTargetArn;
}

function onFailure(mapping: Resource): string | undefined {
  const config = mapping.inputs.destinationConfig as
    | { onFailure?: { destinationArn?: string } }
    | undefined;
  return config?.onFailure?.destinationArn;
}

interface Statement {
  Effect: string;
  Principal?: { Service?: string[] };
  Action: string[];
  Resource: string[];
  Condition?: { ArnEquals?: { "aws:SourceArn"?: string[] } };
}

/** The resources with the questions that the rules above ask of them. */
class Graph {
  readonly all: Resource[];

  constructor(all: Resource[]) {
    this.all = all;
  }

  ofType(type: string): Resource[] {
    return this.all.filter((resource) => resource.type === type);
  }

  mappings(): Resource[] {
    return this.ofType("aws:lambda/eventSourceMapping:EventSourceMapping");
  }

  functionByArn(arn: unknown): Resource | undefined {
    return this.ofType("aws:lambda/function:Function").find((fn) => fn.outputs.arn === arn);
  }

  byArn(arn: unknown): Resource | undefined {
    return this.all.find((resource) => resource.outputs.arn === arn);
  }

  /** Whether a resource policy lets a service do something to a resource on behalf of a source. */
  mayDo(service: string, action: string, resourceArn: unknown, sourceArn: unknown): boolean {
    return this.all
      .filter((r) => /(queuePolicy:QueuePolicy|bucketPolicy:BucketPolicy)$/.test(r.type))
      .flatMap((r) => statements(r.inputs.policy))
      .some(
        (statement) =>
          statement.Effect === "Allow" &&
          statement.Principal?.Service?.includes(service) &&
          statement.Action.includes(action) &&
          statement.Resource.includes(String(resourceArn)) &&
          statement.Condition?.ArnEquals?.["aws:SourceArn"]?.includes(String(sourceArn)),
      );
  }

  roleAllows(fn: Resource, action: string, resourceArn: string): boolean {
    const role = this.ofType("aws:iam/role:Role").find((r) => r.outputs.arn === fn.inputs.role);
    return this.ofType("aws:iam/rolePolicy:RolePolicy")
      .filter((policy) => role && policy.inputs.role === role.inputs.name)
      .flatMap((policy) => statements(policy.inputs.policy))
      .some(
        (statement) =>
          statement.Effect === "Allow" &&
          statement.Action.includes(action) &&
          statement.Resource.includes(resourceArn),
      );
  }
}

function statements(policy: unknown): Statement[] {
  return (JSON.parse(String(policy)) as { Statement: Statement[] }).Statement;
}
