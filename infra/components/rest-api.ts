import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { OpenApiDocument } from "@shoebox/shared/http/api";
import { gatewayDocument } from "./gateway-document.ts";
import { resourceName } from "./names.ts";
import type { ServiceFunction } from "./service-function.ts";

export interface RestApiArgs {
  service: string;
  document: OpenApiDocument;
  api: ServiceFunction;
  authorizer: ServiceFunction;
  webOrigins: pulumi.Input<string[]>;
}

const AUTHORIZER_TTL_SECONDS = 300;

/** A REST API (v1: the kind that WAF and request throttling by stage work with) in front of a function. */
export class RestApi extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: RestApiArgs, options?: pulumi.ComponentResourceOptions) {
    super(
      "shoebox:index:RestApi",
      name,
      { service: args.service, document: args.document },
      options,
    );
    const parent = { parent: this };
    const body = pulumi
      .all([args.api.fn.invokeArn, args.authorizer.fn.invokeArn, args.webOrigins])
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
      },
      parent,
    );
    for (const [purpose, fn] of [
      ["api", args.api],
      ["authorizer", args.authorizer],
    ] as const) {
      new aws.lambda.Permission(
        `${name}-${purpose}`,
        {
          action: "lambda:InvokeFunction",
          function: fn.fn.name,
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
    this.registerOutputs({ url: this.url });
  }
}
