import { S3Client } from "@aws-sdk/client-s3";
import { tracingCalls } from "@shoebox/shared/trace";

/** One client per process. */
export function createS3Client(): S3Client {
  return tracingCalls(new S3Client({}));
}
