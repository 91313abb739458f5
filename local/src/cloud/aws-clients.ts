import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { AwsSpec } from "../lambda/spec.ts";

/** The clients that the graph is applied through. */
export interface AwsClients {
  dynamodb: DynamoDBClient;
  events: EventBridgeClient;
  s3: S3Client;
  secrets: SecretsManagerClient;
  sqs: SQSClient;
  /** Stream ARNs by table name, filled as tables are applied. */
  streamArns: Map<string, string>;
}

export function createAwsClients(aws: AwsSpec): AwsClients {
  const options = (service: string) => ({
    region: aws.region,
    credentials: aws.credentials,
    endpoint: aws.endpoints[service],
  });
  return {
    dynamodb: new DynamoDBClient(options("dynamodb")),
    events: new EventBridgeClient(options("eventbridge")),
    s3: new S3Client({ ...options("s3"), forcePathStyle: true }),
    secrets: new SecretsManagerClient(options("secrets-manager")),
    sqs: new SQSClient(options("sqs")),
    streamArns: new Map(),
  };
}
