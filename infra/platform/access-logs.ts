import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketName } from "../components/names.ts";

/** Who may write access logs: S3 for our buckets, CloudFront's log delivery for the distribution. */
const WRITERS = ["logging.s3.amazonaws.com", "delivery.logs.amazonaws.com"];

/**
 * The bucket of access logs. It is the services' buckets' too, which know its name from the stack.
 * Its own accesses are not logged: that would never end.
 */
export function createAccessLogs(): aws.s3.Bucket {
  const name = bucketName("access-logs");
  const logs = new aws.s3.Bucket("access-logs", { bucket: name });
  const bucket = logs.bucket;
  const closed = new aws.s3.BucketPublicAccessBlock("access-logs", {
    bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new aws.s3.BucketServerSideEncryptionConfiguration("access-logs", {
    bucket,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  });
  new aws.s3.BucketLifecycleConfiguration("access-logs", {
    bucket,
    rules: [
      {
        id: "expire",
        status: "Enabled",
        filter: { prefix: "" },
        expiration: { days: new pulumi.Config().requireNumber("accessLogDays") },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ],
  });
  const objects = pulumi.interpolate`${logs.arn}/*`;
  const account = aws.getCallerIdentityOutput().accountId;
  new aws.s3.BucketPolicy(
    "access-logs",
    {
      bucket,
      policy: aws.iam.getPolicyDocumentOutput({
        statements: [
          {
            sid: "TlsOnly",
            effect: "Deny",
            principals: [{ type: "*", identifiers: ["*"] }],
            actions: ["s3:*"],
            resources: [logs.arn, objects],
            conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
          },
          ...WRITERS.map((service) => ({
            effect: "Allow",
            principals: [{ type: "Service", identifiers: [service] }],
            actions: ["s3:PutObject"],
            resources: [objects],
            conditions: [
              { test: "StringEquals", variable: "aws:SourceAccount", values: [account] },
            ],
          })),
        ],
      }).json,
    },
    { dependsOn: [closed] },
  );
  return logs;
}
