import { S3Client } from "@aws-sdk/client-s3";
import { tracingCalls } from "@shoebox/shared/trace";

/** One client per process. Without these bounds a connection that hangs would hang its job until the function ends. */
export function createS3Client(): S3Client {
  return tracingCalls(
    new S3Client({ requestHandler: { connectionTimeout: 3_000, socketTimeout: 30_000 } }),
  );
}
