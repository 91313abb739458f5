import { S3Client } from "@aws-sdk/client-s3";

/** One client per process. */
export function createS3Client(): S3Client {
  return new S3Client({});
}
