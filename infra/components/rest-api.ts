import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { OpenApiDocument } from "@shoebox/shared/http/api";
import { alarm } from "./alarm.ts";
import { gatewayDocument } from "./gateway-document.ts";
import { resourceName } from "./names.ts";
import type { Platform } from "./platform-outputs.ts";
import type { ServiceFunction } from "./service-function.ts";
import { allow } from "./statement.ts";

export interface RestApiArgs {
  service: string;
  document: OpenApiDocument;
  api: ServiceFunction;
  authorizer: ServiceFunction;
  platform: Pick<Platform, "webOrigins" | "webAclArn" | "apiDomain" | "alarmTopic" | "logDays">;
}

/** One line of JSON a request: who, what, how long, and with which result; no token and no query. */
const ACCESS_LOG = {
  requestId: "$context.requestId",
  time: "$context.requestTimeEpoch",
  ip: "$context.identity.sourceIp",
  userId: "$context.authorizer.userId",
  operator: "$context.identity.userArn",
  method: "$context.httpMethod",
  route: "$context.resourcePath",
  status: "$context.status",
  bytes: "$context.responseLength",
  milliseconds: "$context.responseLatency",
  serviceMilliseconds: "$context.integrationLatency",
  error: "$context.error.message",
  trace: "$context.xrayTraceId",
};

const AUTHORIZER_TTL_SECONDS = 300;

/** A REST API (v1: the kind that WAF and request throttling by stage work with) in front of a function. */
export class RestApi extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly stage: pulumi.Output<string>;

  constructor(name: string, args: RestApiArgs, options?: pulumi.ComponentResourceOptions) {
    super(
      "shoebox:index:RestApi",
      name,
      { service: args.service, document: args.document },
      options,
    );
    const parent = { parent: this };
    const config = new pulumi.Config();
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-access`,
      {
        name: `/aws/apigateway/${resourceName(args.service, name)}`,
        retentionInDays: args.platform.logDays,
      },
      parent,
    );
    const body = pulumi
      .all([
        args.api.entrance.invokeArn,
        args.authorizer.entrance.invokeArn,
        args.platform.webOrigins,
      ])
      .apply(([apiUri, authorizerUri, webOrigins]) =>
        JSON.stringify(
          gatewayDocument(args.document, {
            title: resourceName(args.service, name),
            apiUri,
            authorizerUri,
            webOrigins,
            authorizerTtl: AUTHORIZER_TTL_SECONDS,
          }),
        ),
      );
    const api = new aws.apigateway.RestApi(
      name,
      {
        name: resourceName(args.service, name),
        body,
        endpointConfiguration: { types: "REGIONAL" },
      },
      parent,
    );
    const deployment = new aws.apigateway.Deployment(
      name,
      {
        restApi: api.id,
        // A new body is a new deployment, or API Gateway goes on serving the old one.
        triggers: { body: body.apply((text) => createHash("sha256").update(text).digest("hex")) },
      },
      parent,
    );
    const stage = new aws.apigateway.Stage(
      name,
      {
        restApi: api.id,
        deployment: deployment.id,
        stageName: "live",
        xrayTracingEnabled: true,
        accessLogSettings: {
          destinationArn: logs.arn,
          format: JSON.stringify(ACCESS_LOG),
        },
      },
      parent,
    );
    new aws.apigateway.MethodSettings(
      name,
      {
        restApi: api.id,
        stageName: stage.stageName,
        methodPath: "*/*",
        settings: {
          metricsEnabled: true,
          throttlingRateLimit: config.getNumber("apiRate") ?? 1_000,
          throttlingBurstLimit: config.getNumber("apiBurst") ?? 2_000,
        },
      },
      parent,
    );
    if (config.getBoolean("firewall")) {
      new aws.wafv2.WebAclAssociation(
        name,
        { resourceArn: stage.arn, webAclArn: args.platform.webAclArn },
        parent,
      );
    }
    if (config.getBoolean("customDomain")) {
      new aws.apigatewayv2.RoutingRule(
        name,
        {
          domainName: args.platform.apiDomain,
          priority: priorityOf(args.service),
          conditions: [{ matchBasePaths: { anyOfs: [basePath(args.document)] } }],
          actions: [
            // The routes are whole paths, as the service's own document has them.
            { invokeApi: { apiId: api.id, stage: stage.stageName, stripBasePath: false } },
          ],
        },
        parent,
      );
    }
    letOperatorsIn(name, api, stage, args, parent);
    watch(api, stage, args, parent);
    for (const [purpose, fn] of [
      ["api", args.api],
      ["authorizer", args.authorizer],
    ] as const) {
      new aws.lambda.Permission(
        `${name}-${purpose}`,
        {
          action: "lambda:InvokeFunction",
          function: fn.fn.name,
          ...(fn.entrance.qualifier && { qualifier: fn.entrance.qualifier }),
          principal: "apigateway.amazonaws.com",
          sourceArn:
            purpose === "api"
              ? pulumi.interpolate`${api.executionArn}/*`
              : pulumi.interpolate`${api.executionArn}/authorizers/*`,
        },
        parent,
      );
    }
    this.url = stage.invokeUrl;
    this.name = api.name;
    this.stage = stage.stageName;
    this.registerOutputs({ url: this.url });
  }
}

/** What all routes of a service begin with, such as `v1/uploads`: no other service has it. */
function basePath(document: OpenApiDocument): string {
  const bases = new Set(
    Object.keys(document.paths ?? {}).map((path) => path.split("/").slice(1, 3).join("/")),
  );
  const [base] = bases;
  if (base === undefined || bases.size > 1) {
    throw new Error(`The routes of one API begin in ${bases.size} ways: ${[...bases].join(", ")}.`);
  }
  return base;
}

/** Of two rules of a domain none may have the same; no request fits two of ours, so it does not matter which comes first. */
function priorityOf(service: string): number {
  const digest = createHash("sha256").update(service).digest();
  return 1 + (digest.readUInt32BE(0) % 1_000_000);
}

/**
 * What lets people call the operators' routes of this API, and nothing else. It is attached to nobody;
 * whoever runs the account gives it to people and roles.
 */
function letOperatorsIn(
  name: string,
  api: aws.apigateway.RestApi,
  stage: aws.apigateway.Stage,
  args: RestApiArgs,
  options: pulumi.CustomResourceOptions,
): void {
  const routes = `${basePath(args.document)}/ops/*`;
  new aws.iam.Policy(
    `${name}-operators`,
    {
      name: resourceName(args.service, "operators"),
      description: `What those who run Shoebox ask of the ${args.service} service`,
      policy: allow([
        {
          actions: ["execute-api:Invoke"],
          resources: [pulumi.interpolate`${api.executionArn}/${stage.stageName}/*/${routes}`],
        },
      ]),
    },
    options,
  );
}

/** The promises of the requirements: no errors of ours, metadata within 300 ms (99 of 100, presigning within a second). */
function watch(
  api: aws.apigateway.RestApi,
  stage: aws.apigateway.Stage,
  args: RestApiArgs,
  options: pulumi.CustomResourceOptions,
): void {
  const watched = {
    service: args.service,
    namespace: "AWS/ApiGateway",
    dimensions: { ApiName: api.name, Stage: stage.stageName },
    periods: 2,
    topic: args.platform.alarmTopic,
  };
  alarm(
    "api-errors",
    {
      ...watched,
      says: "The API answers with errors of its own (5xx).",
      runbook: "api-errors",
      metric: "5XXError",
      statistic: "Sum",
      above: 5,
    },
    options,
  );
  alarm(
    "api-latency",
    {
      ...watched,
      says: "One request in a hundred takes more than a second.",
      runbook: "api-latency",
      metric: "Latency",
      statistic: "p99",
      above: 1_000,
    },
    options,
  );
}
