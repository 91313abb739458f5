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
 * One Lambda function, its role and its log group. `entry` is the source file it is bundled from:
 * `npm run build` turns it into the archive that is deployed, the local cloud loads it as it is.
 */
export class ServiceFunction extends pulumi.ComponentResource {
  readonly fn: aws.lambda.Function;
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
      },
      { ...parent, dependsOn: [logs] },
    );
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

  /** Adds to the role's rights: for what an event source or a destination needs. */
  grant(purpose: string, statements: Statement[]): aws.iam.RolePolicy {
    return new aws.iam.RolePolicy(
      `${this.name}-${purpose}`,
      { role: this.role.name, name: purpose, policy: allow(statements) },
      { parent: this },
    );
  }
}
