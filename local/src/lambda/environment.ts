import { devNull } from "node:os";
import type { AwsSpec, FunctionSpec } from "./spec.ts";

// CreateFunction refuses these keys: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
const RESERVED = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_DEFAULT_REGION",
  "AWS_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
]);

/**
 * The one environment that all functions of a service share. A process has one `process.env`, so functions that
 * differ in it cannot be hosted together.
 *
 * @throws Error naming the two functions and the variable that differs, or the reserved variable
 */
export function sharedEnvironment(functions: FunctionSpec[]): Record<string, string> {
  const [first, ...others] = functions;
  if (!first) return {};
  for (const key of Object.keys(first.environment)) {
    if (RESERVED.has(key)) {
      throw new Error(`Function ${first.name} sets ${key}, which Lambda reserves for itself.`);
    }
  }
  for (const other of others) {
    const keys = new Set([...Object.keys(first.environment), ...Object.keys(other.environment)]);
    for (const key of keys) {
      if (first.environment[key] !== other.environment[key]) {
        throw new Error(
          `Functions ${first.name} and ${other.name} differ in the environment variable ${key}; all functions of a service must have the same environment.`,
        );
      }
    }
  }
  return first.environment;
}

/**
 * Puts the functions' environment and the local endpoints into `env`, and takes out every AWS_ variable that the
 * user's own shell brought: a profile there must never lead a local handler to a real account.
 */
export function applyEnvironment(
  env: NodeJS.ProcessEnv,
  aws: AwsSpec,
  functions: FunctionSpec[],
): void {
  const shared = sharedEnvironment(functions);
  for (const key of Object.keys(env)) {
    if (key.startsWith("AWS_")) delete env[key];
  }
  // The local DynamoDB serves its streams as well.
  const streams = aws.endpoints.dynamodb && { "dynamodb-streams": aws.endpoints.dynamodb };
  for (const [service, url] of Object.entries({ ...streams, ...aws.endpoints })) {
    env[`AWS_ENDPOINT_URL_${service.toUpperCase().replaceAll("-", "_")}`] = url;
  }
  Object.assign(env, {
    AWS_REGION: aws.region,
    AWS_DEFAULT_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    ...shared,
  });
}
