import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
  type TransitionStorageClass,
} from "@aws-sdk/client-s3";
import type { Applier } from "./applier.ts";
import { text } from "./inputs.ts";

/** A bucket, then what is set on it. Pulumi's field names are S3's own, with a small first letter. */
const buckets: Record<string, Applier> = {
  "aws:s3/bucket:Bucket": async ({ inputs }, { s3 }) => {
    await createBucket(s3, text(inputs.bucket));
  },
};

const settings: Record<string, Applier> = {
  "aws:s3/bucketVersioning:BucketVersioning": async ({ inputs }, { s3 }) => {
    const { status } = inputs.versioningConfiguration as { status: "Enabled" | "Suspended" };
    await s3.send(
      new PutBucketVersioningCommand({
        Bucket: text(inputs.bucket),
        VersioningConfiguration: { Status: status },
      }),
    );
  },
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": async ({ inputs }, { s3 }) => {
    const rules = inputs.corsRules as {
      allowedOrigins: string[];
      allowedMethods: string[];
      allowedHeaders?: string[];
      exposeHeaders?: string[];
      maxAgeSeconds?: number;
    }[];
    await s3.send(
      new PutBucketCorsCommand({
        Bucket: text(inputs.bucket),
        CORSConfiguration: {
          CORSRules: rules.map((rule) => ({
            AllowedOrigins: rule.allowedOrigins,
            AllowedMethods: rule.allowedMethods,
            AllowedHeaders: rule.allowedHeaders,
            ExposeHeaders: rule.exposeHeaders,
            MaxAgeSeconds: rule.maxAgeSeconds,
          })),
        },
      }),
    );
  },
  "aws:s3/bucketNotification:BucketNotification": async ({ inputs }, { s3 }) => {
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: text(inputs.bucket),
        NotificationConfiguration: inputs.eventbridge ? { EventBridgeConfiguration: {} } : {},
      }),
    );
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": async (
    { inputs },
    { s3 },
  ) => {
    const rules = inputs.rules as {
      id: string;
      status: "Enabled" | "Disabled";
      filter?: { prefix: string };
      abortIncompleteMultipartUpload?: { daysAfterInitiation: number };
      noncurrentVersionExpiration?: { noncurrentDays: number };
      expiration?: { days?: number; expiredObjectDeleteMarker?: boolean };
      transitions?: { days: number; storageClass: TransitionStorageClass }[];
    }[];
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: text(inputs.bucket),
        LifecycleConfiguration: {
          Rules: rules.map((rule) => ({
            ID: rule.id,
            Status: rule.status,
            Filter: { Prefix: rule.filter?.prefix ?? "" },
            AbortIncompleteMultipartUpload: rule.abortIncompleteMultipartUpload && {
              DaysAfterInitiation: rule.abortIncompleteMultipartUpload.daysAfterInitiation,
            },
            NoncurrentVersionExpiration: rule.noncurrentVersionExpiration && {
              NoncurrentDays: rule.noncurrentVersionExpiration.noncurrentDays,
            },
            Expiration: rule.expiration && {
              Days: rule.expiration.days,
              ExpiredObjectDeleteMarker: rule.expiration.expiredObjectDeleteMarker,
            },
            Transitions: rule.transitions?.map(({ days, storageClass }) => ({
              Days: days,
              StorageClass: storageClass,
            })),
          })),
        },
      }),
    );
  },
  "aws:s3/bucketPolicy:BucketPolicy": async ({ inputs }, { s3 }) => {
    await s3.send(
      new PutBucketPolicyCommand({ Bucket: text(inputs.bucket), Policy: text(inputs.policy) }),
    );
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": async ({ inputs }, { s3 }) => {
    await s3.send(
      new PutPublicAccessBlockCommand({
        Bucket: text(inputs.bucket),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: inputs.blockPublicAcls === true,
          BlockPublicPolicy: inputs.blockPublicPolicy === true,
          IgnorePublicAcls: inputs.ignorePublicAcls === true,
          RestrictPublicBuckets: inputs.restrictPublicBuckets === true,
        },
      }),
    );
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": async (
    { inputs },
    { s3 },
  ) => {
    await s3.send(
      new PutBucketEncryptionCommand({
        Bucket: text(inputs.bucket),
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
      }),
    );
  },
};

export const s3Appliers = { buckets, settings };

async function createBucket(s3: S3Client, name: string): Promise<void> {
  try {
    await s3.send(new CreateBucketCommand({ Bucket: name }));
  } catch (error) {
    if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
  }
}
