import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { tracingCalls } from "../trace.ts";
import { Sha256 } from "./sha256.ts";

/**
 * What the SDK does with every request that a call of DynamoDB has no use for, a tenth of its processor time: telling a
 * logger that there is none of, telling AWS which SDK it is, and passing a trace on to find functions that call
 * each other in circles, which are not found by way of a table.
 */
export const NEEDLESS = [
  "loggerMiddleware",
  "getUserAgentMiddleware",
  "recursionDetectionMiddleware",
] as const;

/** The document client that all tables are reached through; built once per process. */
export function createDocumentClient(): DynamoDBDocumentClient {
  const client = tracingCalls(new DynamoDBClient({ sha256: Sha256 }));
  for (const middleware of NEEDLESS) client.middlewareStack.remove(middleware);
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** True when a conditional write found its condition false: for consumers mostly a duplicate, which is a success. */
export function isConditionFailure(error: unknown): error is ConditionalCheckFailedException {
  return error instanceof ConditionalCheckFailedException;
}
