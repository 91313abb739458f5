export interface FunctionSpec {
  service: string;
  /** As the file that it is: `object-created`. */
  name: string;
  arn: string;
  /** Milliseconds after which its process is ended. */
  timeout: number;
  environment: Record<string, string>;
}

export interface QueueSourceSpec {
  queueArn: string;
  functionArn: string;
  batchSize: number;
  concurrency: number;
}

export interface StreamSourceSpec {
  streamArn: string;
  functionArn: string;
  batchSize: number;
  bisect: boolean;
  /** Seconds, or -1. */
  maximumAgeSeconds: number;
  maximumRetries: number;
  onFailureArn: string | undefined;
}
