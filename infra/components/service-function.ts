import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarm } from "./alarm.ts";
import { resourceName } from "./names.ts";
import type { Platform } from "./platform-outputs.ts";
import { allow, type Statement } from "./statement.ts";

/** What a service may ask for its function; the rest is the same for all of them. */
export interface FunctionArgs {
  /** Exactly what the code of this function does, on exactly the resources it touches. */
  allow?: Statement[];
  /** Seconds; default 10. */
  timeout?: number;
  /** MB; CPU grows with it (1,769 MB is one vCPU). Default 512. */
  memory?: number;
  /** MB of /tmp; default 512. */
  scratch?: number;
}

/**
 * What the stack's configuration says of a function's calls at the same time, by the function's name:
 * `reservedConcurrency` (never more, and nobody else's load takes them away; part of the account's quota)
 * and `provisionedConcurrency` (that many are ready; each costs by the hour).
 */
function concurrencyOf(name: string): { reserved?: number; provisioned?: number } {
  const config = new pulumi.Config();
  const of = (key: string) => config.getObject<Record<string, number>>(key)?.[name];
  return { reserved: of("reservedConcurrency"), provisioned: of("provisionedConcurrency") };
}

/**
 * One Lambda function, its role and its log group. `entry` is the source file it is bundled from:
 * `npm run build` turns it into the archive that is deployed, the local cloud loads it as it is.
 */
export class ServiceFunction extends pulumi.ComponentResource {
  readonly fn: aws.lambda.Function;
  /** What API Gateway calls: the function, or the alias for which instances are kept ready. */
  readonly entrance: { invokeArn: pulumi.Output<string>; qualifier?: pulumi.Output<string> };
  readonly role: aws.iam.Role;
  /** Seconds. */
  readonly timeout: number;
  private readonly name: string;

  constructor(
    service: string,
    name: string,
    args: FunctionArgs & {
      environment: Record<string, pulumi.Input<string>>;
      platform: Pick<Platform, "alarmTopic" | "logDays">;
    },
    options?: pulumi.ComponentResourceOptions,
  ) {
    const physicalName = resourceName(service, name);
    super(
      "shoebox:index:ServiceFunction",
      name,
      { functionName: physicalName, entry: `services/${service}/src/functions/${name}.ts` },
      options,
    );
    this.name = name;
    this.timeout = args.timeout ?? 10;
    const parent = { parent: this };

    const logs = new aws.cloudwatch.LogGroup(
      name,
      { name: `/aws/lambda/${physicalName}`, retentionInDays: args.platform.logDays },
      parent,
    );
    this.role = new aws.iam.Role(
      name,
      {
        name: physicalName,
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({
          Service: "lambda.amazonaws.com",
        }),
      },
      parent,
    );
    this.grant("own", [
      {
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [pulumi.interpolate`${logs.arn}:*`],
      },
      { actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] },
      ...(args.allow ?? []),
    ]);
    const concurrency = concurrencyOf(name);
    this.fn = new aws.lambda.Function(
      name,
      {
        name: physicalName,
        role: this.role.arn,
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        code: new pulumi.asset.FileArchive(`../../dist/${service}/${name}`),
        timeout: this.timeout,
        memorySize: args.memory ?? 512,
        ephemeralStorage: { size: args.scratch ?? 512 },
        tracingConfig: { mode: "Active" },
        environment: {
          // Errors name the lines that people wrote, not those of the bundle.
          variables: { NODE_OPTIONS: "--enable-source-maps", ...args.environment },
        },
        loggingConfig: { logFormat: "JSON", logGroup: logs.name },
        ...(concurrency.reserved && { reservedConcurrentExecutions: concurrency.reserved }),
        ...(concurrency.provisioned && { publish: true }),
      },
      { ...parent, dependsOn: [logs] },
    );
    this.entrance = concurrency.provisioned
      ? this.keepReady(concurrency.provisioned)
      : { invokeArn: this.fn.invokeArn };
    const watched = {
      service,
      namespace: "AWS/Lambda",
      dimensions: { FunctionName: this.fn.name },
      statistic: "Sum",
      above: 0,
      periods: 3,
      topic: args.platform.alarmTopic,
    } as const;
    alarm(
      `${name}-errors`,
      {
        ...watched,
        says: "The function crashes or runs out of time again and again.",
        runbook: "function-errors",
        metric: "Errors",
      },
      parent,
    );
    alarm(
      `${name}-throttles`,
      {
        ...watched,
        says: "The function is throttled: its concurrency, or the account's, is used up.",
        runbook: "throttling",
        metric: "Throttles",
      },
      parent,
    );
    this.registerOutputs({});
  }

  /** Keeps so many instances of the newest version started, so that nobody waits for one to start. */
  private keepReady(instances: number): ServiceFunction["entrance"] {
    const parent = { parent: this };
    const alias = new aws.lambda.Alias(
      this.name,
      { name: "ready", functionName: this.fn.arn, functionVersion: this.fn.version },
      parent,
    );
    new aws.lambda.ProvisionedConcurrencyConfig(
      this.name,
      {
        functionName: this.fn.name,
        qualifier: alias.name,
        provisionedConcurrentExecutions: instances,
      },
      parent,
    );
    return { invokeArn: alias.invokeArn, qualifier: alias.name };
  }

  /** Adds to the role's rights: for what an event source or a destination needs. */
  grant(purpose: string, statements: Statement[]): aws.iam.RolePolicy {
    return new aws.iam.RolePolicy(
      `${this.name}-${purpose}`,
      { role: this.role.name, name: purpose, policy: allow(statements) },
      { parent: this },
    );
  }
}
