import type { Statement } from "../lambda/iam/policy.ts";

/** A JSON value that was parsed from an OpenAPI document. */
export type OpenApiNode = Record<string, unknown>;

/** A user of the account, with the managed policies that he has. */
export interface Caller {
  accessKeyId: string;
  secretAccessKey: string;
  /** `arn:aws:iam::<account>:user/<name>` */
  userArn: string;
  /** The unique id that IAM gives a user: `AIDA…`. */
  userId: string;
  policy: Statement[];
}

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
  /** Whom IAM knows, where a method asks it; nobody else gets in there. */
  callers?: Caller[];
  /** Requests per second and bucket size of the whole stage. */
  throttle?: { rateLimit: number; burstLimit: number };
}
