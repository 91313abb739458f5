import type { RestApiSpec } from "../apigateway/spec.ts";
import type { ChaosSettings } from "../chaos/settings.ts";
import type { Statement } from "./iam/policy.ts";

export interface AwsSpec {
  region: string;
  accountId: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Endpoint URLs by the SDK's service id in lower case: `sqs`, `s3`, `dynamodb`, `dynamodb-streams`… */
  endpoints: Record<string, string>;
  /** The search domain: where it answers, and its name in policies. */
  search?: { endpoint: string; domainArn: string };
  /** The local DynamoDB's data directory: streams are then read when its files change, not 20 times a second. */
  dynamodbDataDir?: string;
}

export interface FunctionSpec {
  name: string;
  arn: string;
  /** Absolute path of a .ts, .js or .mjs module. */
  entry: string;
  /** The name of the export that is the handler. */
  handler: string;
  environment: Record<string, string>;
  timeoutSeconds: number;
  memoryMb: number;
  /** What its role allows; calls of a function without one are not decided about. */
  policy?: Statement[];
  reservedConcurrency?: number;
}

export interface SqsSource {
  type: "sqs";
  functionName: string;
  queueArn: string;
  queueUrl: string;
  batchSize: number;
  maximumBatchingWindowSeconds?: number;
  reportBatchItemFailures: boolean;
  maximumConcurrency?: number;
  /** The queue's own; when given it must not be shorter than the function's timeout, as on AWS. */
  visibilityTimeoutSeconds?: number;
}

export interface StreamSource {
  type: "stream";
  /** Stable across restarts: the checkpoints are kept under it. */
  id: string;
  functionName: string;
  streamArn: string;
  batchSize: number;
  maximumBatchingWindowSeconds?: number;
  startingPosition: "TRIM_HORIZON" | "LATEST";
  reportBatchItemFailures: boolean;
  bisectBatchOnFunctionError?: boolean;
  /** Retries after the first attempt; -1 or absent is without end, as on AWS. */
  maximumRetryAttempts?: number;
  /** -1 or absent is without end, as on AWS. */
  maximumRecordAgeSeconds?: number;
  /** Only 1 is supported. */
  parallelizationFactor?: number;
  /** An SQS queue's ARN (gets metadata) or an S3 bucket's ARN (gets the whole record). */
  onFailureArn?: string;
  /** A record is delivered when any of the patterns matches; none means all records. */
  filterPatterns?: Record<string, unknown>[];
}

export type EventSource = SqsSource | StreamSource;

/** Everything one service process is given. It is plain JSON. */
export interface ServiceSpec {
  service: string;
  /** Where the process may keep its own state (stream checkpoints). */
  dataDir: string;
  aws: AwsSpec;
  functions: FunctionSpec[];
  eventSources: EventSource[];
  /** How roughly its event sources deliver; absent: as well as they can. */
  chaos?: ChaosSettings;
  apis: RestApiSpec[];
}
