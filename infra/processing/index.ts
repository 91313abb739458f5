import * as pulumi from "@pulumi/pulumi";
import { document } from "@shoebox/processing/api/openapi";
import { ImageDeleted } from "@shoebox/shared/events/catalog";
import { ImageUploaded } from "@shoebox/shared/events/upload";
import { bucketName, resourceName } from "../components/names.ts";
import { readPlatform } from "../components/platform-outputs.ts";
import { PrivateBucket } from "../components/private-bucket.ts";
import { Service } from "../components/service.ts";
import { Table } from "../components/table.ts";

/** The processing service: from an original to its renditions, or to the reason why there are none. */

const platform = readPlatform();
const config = new pulumi.Config();
const processed = new PrivateBucket("processed", {
  readableBy: platform.cdnDistributionArn,
  readActions: ["s3:GetObject"],
});
const jobs = new Table("processing", "jobs", {
  indexes: [
    // Sparse: holds only deleted images of which the CDN may have copies.
    { name: "cdnCopies", hashKey: "copiesFor", rangeKey: "reachableUntil" },
    // Whose image a rendition is of: its key says only which.
    { name: "byImage", hashKey: "SK", rangeKey: "PK" },
  ],
});

const originals = bucketName("originals");

const processing = new Service("processing", platform, {
  table: jobs,
  environment: {
    JOBS_TABLE: jobs.table.name,
    RECONCILE_QUEUE: resourceName("processing", "reconcile-renditions"),
    ORIGINALS_BUCKET: originals,
    PROCESSED_BUCKET: processed.name,
    CDN_DISTRIBUTION_ID: platform.cdnDistributionId,
    CDN_FORGETS: config.require("cdnForgets"),
  },
});

const api = processing.api(document(), {
  allow: [
    {
      actions: [
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
      ],
      resources: [jobs.table.arn],
    },
  ],
});

processing.onEvents("worker", [ImageUploaded], {
  // The service counts on it: ATTEMPT_SECONDS.
  timeout: 60,
  memory: 3_538,
  scratch: 2_048,
  batchSize: 2,
  concurrency: config.requireNumber("workers"),
  allow: [
    { actions: ["dynamodb:UpdateItem"], resources: [jobs.table.arn] },
    {
      actions: ["s3:GetObjectVersion"],
      resources: [pulumi.interpolate`arn:aws:s3:::${originals}/*`],
    },
    // Without it S3 calls a missing original forbidden, which would be tried again and again.
    {
      actions: ["s3:ListBucket", "s3:ListBucketVersions"],
      resources: [pulumi.interpolate`arn:aws:s3:::${originals}`],
    },
    { actions: ["s3:PutObject", "s3:DeleteObject"], resources: [processed.objects] },
    { actions: ["s3:ListBucket"], resources: [processed.arn] },
  ],
});

processing.onEvents("image-deleted", [ImageDeleted], {
  allow: [
    { actions: ["dynamodb:UpdateItem"], resources: [jobs.table.arn] },
    { actions: ["s3:ListBucket"], resources: [processed.arn] },
    { actions: ["s3:DeleteObject"], resources: [processed.objects] },
  ],
});

processing.every("forget-copies", "rate(1 minute)", {
  timeout: 60,
  allow: [
    { actions: ["dynamodb:Query"], resources: [jobs.index("cdnCopies")] },
    { actions: ["dynamodb:UpdateItem"], resources: [jobs.table.arn] },
    { actions: ["cloudfront:CreateInvalidation"], resources: [platform.cdnDistributionArn] },
  ],
});

processing.reconciles("reconcile-renditions", "rate(1 hour)", {
  timeout: 900,
  allow: [
    {
      actions: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PutItem"],
      resources: [jobs.table.arn],
    },
    { actions: ["dynamodb:Query"], resources: [jobs.index("byImage")] },
    { actions: ["s3:ListBucket"], resources: [processed.arn] },
    { actions: ["s3:DeleteObject"], resources: [processed.objects] },
  ],
});

processing.dashboard();

export const url = api.url;
