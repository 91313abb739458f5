import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Caller, RestApiSpec } from "../apigateway/spec.ts";
import type { ChaosSettings } from "../chaos/settings.ts";
import { type Program, programs, type Resource } from "../graph/resource.ts";
import type { Statement } from "../lambda/iam/policy.ts";
import type { AwsSpec, EventSource, FunctionSpec, ServiceSpec } from "../lambda/spec.ts";
import { number, text } from "./apply/inputs.ts";
import { Refusal } from "./refusal.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

interface Surroundings {
  dataDir: string;
  aws: AwsSpec;
  streamArns: Map<string, string>;
  /** Run what `npm run build` made instead of the sources. */
  bundles: boolean;
  chaos?: ChaosSettings;
  /** The port of each service's API. */
  ports: Record<string, number>;
}

/** What each service's process is to run: the functions, event sources and APIs that its program declares. */
export function serviceSpecs(graph: Resource[], around: Surroundings): ServiceSpec[] {
  return programs
    .filter((program) => graph.some((r) => r.program === program && isFunction(r)))
    .map((program) => {
      const own = graph.filter((resource) => resource.program === program);
      return {
        service: program,
        dataDir: join(around.dataDir, "lambda", program),
        aws: { ...around.aws, search: searchDomain(graph) },
        functions: own.filter(isFunction).map((fn) => functionSpec(fn, own, around.bundles)),
        eventSources: own
          .filter((r) => r.type === "aws:lambda/eventSourceMapping:EventSourceMapping")
          .map((mapping) => eventSource(mapping, graph, around)),
        chaos: around.chaos,
        apis: own
          .filter((r) => r.type === "aws:apigateway/restApi:RestApi")
          .map((api) => apiSpec(api, program, own, around)),
      };
    });
}

function searchDomain(graph: Resource[]): AwsSpec["search"] {
  const domain = graph.find((r) => r.type === "aws:opensearch/domain:Domain");
  return domain && { endpoint: text(domain.outputs.endpoint), domainArn: text(domain.outputs.arn) };
}

function isFunction(resource: Resource): boolean {
  return resource.type === "aws:lambda/function:Function";
}

function functionSpec(fn: Resource, own: Resource[], bundles: boolean): FunctionSpec {
  const component = own.find(
    (r) => r.type === "shoebox:index:ServiceFunction" && r.inputs.functionName === fn.inputs.name,
  );
  if (!component)
    throw new Error(`${fn.program}: the function ${fn.name} does not say its source.`);
  const environment = fn.inputs.environment as { variables: Record<string, string> } | undefined;
  return {
    name: text(fn.inputs.name),
    arn: text(fn.outputs.arn),
    entry: bundles
      ? bundleOf(text(component.inputs.entry))
      : join(root, text(component.inputs.entry)),
    handler: text(fn.inputs.handler).replace(/^index\./, ""),
    environment: environment?.variables ?? {},
    timeoutSeconds: number(fn.inputs.timeout),
    memoryMb: number(fn.inputs.memorySize),
    policy: policyOf(fn, own),
  };
}

/** All that the function's role allows: its policies are inline, one a purpose. */
function policyOf(fn: Resource, own: Resource[]): Statement[] {
  const role = own.find((r) => r.type === "aws:iam/role:Role" && r.outputs.arn === fn.inputs.role);
  return own
    .filter(
      (r) => r.type === "aws:iam/rolePolicy:RolePolicy" && r.inputs.role === role?.inputs.name,
    )
    .flatMap((r) => (JSON.parse(text(r.inputs.policy)) as { Statement: Statement[] }).Statement);
}

/** @throws Refusal when it was not built */
function bundleOf(entry: string): string {
  const path = entry.replace(
    /^services[/]([^/]+)[/]src[/]functions[/]([^/]+)[.]ts$/,
    "dist/$1/$2/index.mjs",
  );
  if (existsSync(join(root, path))) return join(root, path);
  throw new Refusal(`There is no ${path} yet: npm run build makes what --bundles runs.`);
}

function eventSource(mapping: Resource, graph: Resource[], around: Surroundings): EventSource {
  const { inputs } = mapping;
  const sourceArn = text(inputs.eventSourceArn);
  const common = {
    functionName: text(inputs.functionName).split(":").at(-1) ?? "",
    batchSize: number(inputs.batchSize),
    maximumBatchingWindowSeconds: inputs.maximumBatchingWindowInSeconds as number | undefined,
    reportBatchItemFailures: ((inputs.functionResponseTypes ?? []) as string[]).includes(
      "ReportBatchItemFailures",
    ),
  };
  if (sourceArn.includes(":dynamodb:")) {
    const table = /table\/([^/]+)\/stream/.exec(sourceArn)?.[1] ?? "";
    const streamArn = around.streamArns.get(table);
    if (!streamArn) throw new Error(`${mapping.program}: the table ${table} has no stream.`);
    const destination = inputs.destinationConfig as
      | { onFailure?: { destinationArn: string } }
      | undefined;
    return {
      ...common,
      type: "stream",
      id: `${mapping.program}-${mapping.name}`,
      streamArn,
      startingPosition: inputs.startingPosition as "TRIM_HORIZON" | "LATEST",
      bisectBatchOnFunctionError: inputs.bisectBatchOnFunctionError as boolean | undefined,
      maximumRetryAttempts: inputs.maximumRetryAttempts as number | undefined,
      maximumRecordAgeSeconds: inputs.maximumRecordAgeInSeconds as number | undefined,
      onFailureArn: destination?.onFailure?.destinationArn,
    };
  }
  const queue = graph.find((r) => r.outputs.arn === sourceArn);
  if (!queue) throw new Error(`${mapping.program}: the queue ${sourceArn} is not declared.`);
  const scaling = inputs.scalingConfig as { maximumConcurrency: number } | undefined;
  return {
    ...common,
    type: "sqs",
    queueArn: sourceArn,
    queueUrl: text(queue.outputs.url),
    maximumConcurrency: scaling?.maximumConcurrency,
    visibilityTimeoutSeconds: number(queue.inputs.visibilityTimeoutSeconds),
  };
}

/**
 * Whom this cloud's credentials belong to, as the APIs see him: somebody who was given the policies that
 * the program declares for people, and has no right besides.
 */
function operator(own: Resource[], { accountId, credentials }: AwsSpec): Caller {
  const policies = own.filter((r) => r.type === "aws:iam/policy:Policy");
  return {
    ...credentials,
    userArn: `arn:aws:iam::${accountId}:user/operator`,
    userId: "AIDALOCALOPERATOR",
    policy: policies.flatMap(
      (r) => (JSON.parse(text(r.inputs.policy)) as { Statement: Statement[] }).Statement,
    ),
  };
}

function apiSpec(
  api: Resource,
  program: Program,
  own: Resource[],
  around: Surroundings,
): RestApiSpec {
  const stage = own.find(
    (r) => r.type === "aws:apigateway/stage:Stage" && r.inputs.restApi === api.outputs.id,
  );
  const allowed = own
    .filter(
      (r) =>
        r.type === "aws:lambda/permission:Permission" &&
        r.inputs.principal === "apigateway.amazonaws.com" &&
        text(r.inputs.sourceArn).startsWith(text(api.outputs.executionArn)),
    )
    .map((permission) =>
      own.find((r) => isFunction(r) && r.inputs.name === permission.inputs.function),
    );
  return {
    apiId: text(api.outputs.id),
    name: text(api.inputs.name),
    region: around.aws.region,
    accountId: around.aws.accountId,
    stage: text(stage?.inputs.stageName),
    body: JSON.parse(text(api.inputs.body)),
    port: around.ports[program] ?? 0,
    callers: [operator(own, around.aws)],
    allowedFunctionArns: allowed.flatMap((fn) => (fn ? [text(fn.outputs.arn)] : [])),
  };
}
