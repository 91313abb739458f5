/** A JSON value that was parsed from an OpenAPI document. */
export type OpenApiNode = Record<string, unknown>;

/** What a REST API (v1) is started from: its OpenAPI body and what surrounds it in the stack. */
export interface RestApiSpec {
  apiId: string;
  name: string;
  region: string;
  accountId: string;
  /** The stage's name. It is in method ARNs and in the event, never in the local path. */
  stage: string;
  stageVariables?: Record<string, string>;
  /** The OpenAPI document with its `x-amazon-apigateway-*` extensions, parsed. */
  body: OpenApiNode;
  /** The port on 127.0.0.1; 0 takes a free one. */
  port: number;
  /** The functions whose resource policy lets API Gateway invoke them. */
  allowedFunctionArns: string[];
  /** Requests per second and bucket size of the whole stage. */
  throttle?: { rateLimit: number; burstLimit: number };
}
