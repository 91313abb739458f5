import { errorCodes } from "@shoebox/shared/errors";
import { type OpenApiDocument, SIGV4 } from "@shoebox/shared/http/api";
import { PROBLEM_JSON, problemType } from "@shoebox/shared/http/problem";

interface GatewayOptions {
  title: string;
  /** Invoke URIs: what API Gateway calls, `arn:aws:apigateway:…/invocations`. */
  apiUri: string;
  authorizerUri: string;
  webOrigins: string[];
  /** Seconds for which the authorizer's answer holds for a token. */
  authorizerTtl: number;
}

const methods = ["get", "post", "put", "patch", "delete"] as const;

/**
 * The body of a REST API, made from the service's own OpenAPI document: the same routes, each behind
 * the authorizer (unless it takes a capability) or, for operators, IAM, and into the service's function. API Gateway reads
 * OpenAPI 3.0, and only routes here; schemas stay with the service, which checks every request anyway.
 */
export function gatewayDocument(document: OpenApiDocument, options: GatewayOptions): object {
  const operation = (path: string, security: object[]) => ({
    security,
    parameters: pathParameters(path),
    responses: {},
    "x-amazon-apigateway-integration": {
      type: "aws_proxy",
      httpMethod: "POST",
      uri: options.apiUri,
      passthroughBehavior: "when_no_match",
    },
  });
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => {
    const own = methods
      .filter((method) => item[method])
      .map((method) => [method, operation(path, securityOf(item[method]))] as const);
    const forPages = own.some(([, { security }]) => !security.some((one) => SIGV4 in one));
    // A preflight carries no token, so it may not pass the authorizer; the service answers it. No page
    // signs as an operator.
    const preflight = forPages ? ([["options", operation(path, [])]] as const) : [];
    return [path, Object.fromEntries([...own, ...preflight])];
  });

  return {
    openapi: "3.0.1",
    info: { title: options.title, version: "1" },
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        authorizer: {
          type: "apiKey",
          in: "header",
          name: "Authorization",
          "x-amazon-apigateway-authtype": "custom",
          "x-amazon-apigateway-authorizer": {
            type: "token",
            authorizerUri: options.authorizerUri,
            authorizerResultTtlInSeconds: options.authorizerTtl,
            identitySource: "method.request.header.Authorization",
          },
        },
        [SIGV4]: document.components?.securitySchemes?.[SIGV4],
      },
    },
    "x-amazon-apigateway-gateway-responses": gatewayResponses(options.webOrigins),
  };
}

/**
 * Every operation is behind the authorizer, but those that say of themselves that they are not: they take
 * a capability, or are for operators.
 */
function securityOf(operation: { security?: object[] } | undefined): object[] {
  const own = operation?.security;
  const understood = own === undefined || own.every((one) => SIGV4 in one);
  if (!understood) throw new Error(`An operation asks for ${JSON.stringify(own)}.`);
  return own ?? [{ authorizer: [] }];
}

/**
 * What API Gateway answers by itself: problem documents too, readable by the web's own pages. Which
 * one asked can't be told here, and the header names one origin or all. None of these answers knows
 * more of anybody than that he was refused, so where there are several origins all may read them.
 */
function gatewayResponses(webOrigins: string[]): Record<string, object> {
  const readers = webOrigins.length > 1 ? "*" : webOrigins[0];
  const headers = {
    "gatewayresponse.header.Content-Type": `'${PROBLEM_JSON}'`,
    ...(readers && { "gatewayresponse.header.Access-Control-Allow-Origin": `'${readers}'` }),
  };
  const response = (code: keyof typeof errorCodes, detail: string, status?: number) => ({
    ...(status && { statusCode: String(status) }),
    responseParameters: headers,
    responseTemplates: {
      "application/json": JSON.stringify({
        type: problemType(code),
        title: errorCodes[code].title,
        status: errorCodes[code].status,
        detail,
        requestId: "$context.requestId",
      }),
    },
  });
  return {
    // What API Gateway calls so is a path or a method that there is not; also an operators' route that is
    // called without a signature, which need not be told apart.
    MISSING_AUTHENTICATION_TOKEN: response("not-found", "There is no such route.", 404),
    INVALID_SIGNATURE: response("forbidden", "The request's signature does not hold.", 403),
    EXPIRED_TOKEN: response("forbidden", "The AWS credentials have expired.", 403),
    UNAUTHORIZED: response("unauthorized", "Send a valid bearer token.", 401),
    ACCESS_DENIED: response("forbidden", "You may not do this.", 403),
    THROTTLED: response("too-many-requests", "Slow down and try again.", 429),
    REQUEST_TOO_LARGE: response("payload-too-large", "The request is too large.", 413),
    INTEGRATION_TIMEOUT: response("unavailable", "The service did not answer in time.", 503),
    INTEGRATION_FAILURE: response("unavailable", "The service can't be reached.", 503),
    DEFAULT_4XX: { responseParameters: headers },
    DEFAULT_5XX: response("internal", "Something went wrong on our side."),
  };
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}
