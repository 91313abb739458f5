import * as pulumi from "@pulumi/pulumi";
import { ObjectCreated, ObjectScanned } from "@shoebox/shared/events/aws";
import { ImageDeleted } from "@shoebox/shared/events/catalog";
import {
  ImageProcessed,
  ImageRejected,
  ProcessingRequested,
} from "@shoebox/shared/events/processing";
import { document } from "@shoebox/upload/api/openapi";
import { MalwareScan } from "../components/malware-scan.ts";
import { resourceName } from "../components/names.ts";
import { readPlatform } from "../components/platform-outputs.ts";
import { PrivateBucket } from "../components/private-bucket.ts";
import { Service } from "../components/service.ts";
import { Table } from "../components/table.ts";

/** The upload service: presigned forms, sessions, and the verification of what really arrived. */

const platform = readPlatform();
const config = new pulumi.Config();
const originals = new PrivateBucket("originals", {
  readableBy: platform.cdnDistributionArn,
  readActions: ["s3:GetObject", "s3:GetObjectVersion"],
  uploadOrigins: platform.webOrigins,
  events: true,
  versioned: true,
  archiveAfterDays: config.getNumber("archiveAfterDays"),
});
const scanned = config.getBoolean("malwareScan") ?? false;
if (scanned) new MalwareScan("originals", { service: "upload", bucket: originals });

const uploads = new Table("upload", "uploads", {
  indexes: [
    // Sparse: holds only sessions that have not ended, and uploads that are not processed.
    { name: "openSessions", hashKey: "openShard", rangeKey: "dueAt" },
  ],
});

const upload = new Service("upload", platform, {
  table: uploads,
  environment: {
    UPLOADS_TABLE: uploads.table.name,
    RECONCILE_QUEUE: resourceName("upload", "reconcile-uploads"),
    ORIGINALS_BUCKET: originals.name,
    QUOTA_BYTES: String(config.requireNumber("quotaBytes")),
    QUOTA_IMAGES: String(config.requireNumber("quotaImages")),
    MALWARE_SCAN: scanned ? "required" : "none",
  },
});

// What the verification of an object reads, and how it is deleted.
const verify = [
  { actions: ["s3:GetObjectVersion", "s3:DeleteObjectVersion"], resources: [originals.objects] },
  // Without it S3 calls a missing object forbidden.
  { actions: ["s3:ListBucket"], resources: [originals.arn] },
  // What was found in it, when the event that told so is late or lost.
  ...(scanned ? [{ actions: ["s3:GetObjectVersionTagging"], resources: [originals.objects] }] : []),
];
const abortMultipart = {
  actions: ["s3:AbortMultipartUpload"],
  resources: [originals.objects],
};

const api = upload.api(document(), {
  // A client may wait for 25 seconds; API Gateway gives up after 29.
  timeout: 29,
  allow: [
    {
      actions: [
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
      ],
      resources: [uploads.table.arn],
    },
    // A presigned form or part carries the rights of who signed it. The same right begins and
    // completes multipart uploads.
    { actions: ["s3:PutObject", "s3:ListMultipartUploadParts"], resources: [originals.objects] },
    abortMultipart,
    { actions: ["s3:ListBucketVersions"], resources: [originals.arn] },
  ],
});

const takeIn = {
  // Half a minute reads 500 MiB, which is done where only the bytes can tell whether they are those
  // that were announced; a few at a time share the function's network.
  timeout: 120,
  memory: 1_024,
  batchSize: 5,
  concurrency: 50,
  allow: [
    {
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      resources: [uploads.table.arn],
    },
    ...verify,
  ],
};
upload.onBucket("object-created", ObjectCreated, originals.name, takeIn);
// Nobody says anything here where nothing scans.
upload.onBucket("object-scanned", ObjectScanned, originals.name, takeIn);

upload.onEvents("image-deleted", [ImageDeleted], {
  allow: [
    {
      actions: ["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
      resources: [uploads.table.arn],
    },
    { actions: ["s3:ListBucketVersions"], resources: [originals.arn] },
    { actions: ["s3:DeleteObject", "s3:DeleteObjectVersion"], resources: [originals.objects] },
  ],
});

upload.onEvents("processing-ended", [ImageProcessed, ImageRejected, ProcessingRequested], {
  allow: [{ actions: ["dynamodb:UpdateItem"], resources: [uploads.table.arn] }],
});

upload.every("republish-uploads", "rate(15 minutes)", {
  timeout: 300,
  allow: [
    { actions: ["dynamodb:Query"], resources: [uploads.index("openSessions")] },
    { actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources: [uploads.table.arn] },
  ],
});

upload.reconciles("reconcile-uploads", "rate(1 hour)", {
  timeout: 900,
  allow: [
    {
      actions: [
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
      ],
      resources: [uploads.table.arn],
    },
    { actions: ["dynamodb:Query"], resources: [uploads.index("openSessions")] },
    ...verify,
    { actions: ["s3:ListBucketVersions"], resources: [originals.arn] },
  ],
});

upload.every("expire-sessions", "rate(5 minutes)", {
  timeout: 300,
  allow: [
    { actions: ["dynamodb:Query"], resources: [uploads.index("openSessions")] },
    {
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      resources: [uploads.table.arn],
    },
    ...verify,
    abortMultipart,
    { actions: ["s3:ListBucketVersions"], resources: [originals.arn] },
  ],
});

if (scanned) {
  upload.watch("not-scanned", {
    metric: "UploadsRejected",
    reason: "not-scanned",
    says: "Uploads are rejected because nobody could scan them.",
    runbook: "not-scanned",
    statistic: "Sum",
    above: 0,
  });
}

upload.dashboard();

export const url = api.url;
