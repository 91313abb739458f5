import { ConditionalCheckFailedException, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { tracingCalls } from "../trace.ts";

/** The document client that all tables are reached through; built once per process. */
export function createDocumentClient(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(tracingCalls(new DynamoDBClient({})), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

/** True when a conditional write found its condition false: for consumers mostly a duplicate, which is a success. */
export function isConditionFailure(error: unknown): error is ConditionalCheckFailedException {
  return error instanceof ConditionalCheckFailedException;
}
