import { ObjectCreated } from "@shoebox/shared/events/aws";
import { ImageDeleted } from "@shoebox/shared/events/catalog";
import { document } from "@shoebox/upload/api/openapi";
import { readPlatform } from "../components/platform-outputs.ts";
import { PrivateBucket } from "../components/private-bucket.ts";
import { Service } from "../components/service.ts";
import { Table } from "../components/table.ts";

/** The upload service: presigned forms, sessions, and the verification of what really arrived. */

const platform = readPlatform();
const originals = new PrivateBucket("originals", {
  readableBy: platform.cdnDistributionArn,
  readActions: ["s3:GetObject", "s3:GetObjectVersion"],
  uploadOrigins: platform.webOrigins,
  events: true,
  versioned: true,
});
const uploads = new Table("upload", "uploads");

const upload = new Service("upload", platform, {
  table: uploads,
  environment: {
    UPLOADS_TABLE: uploads.table.name,
    ORIGINALS_BUCKET: originals.name,
  },
});

const api = upload.api(document(), {
  allow: [
    {
      actions: [
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
      ],
      resources: [uploads.table.arn],
    },
    // A presigned form carries the rights of who signed it.
    { actions: ["s3:PutObject"], resources: [originals.objects] },
  ],
});

upload.onBucket("object-created", ObjectCreated, originals.name, {
  allow: [
    { actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources: [uploads.table.arn] },
    { actions: ["s3:GetObjectVersion", "s3:DeleteObjectVersion"], resources: [originals.objects] },
    // Without it S3 calls a missing object forbidden.
    { actions: ["s3:ListBucket"], resources: [originals.arn] },
  ],
});

upload.onEvents("image-deleted", [ImageDeleted], {
  allow: [
    { actions: ["dynamodb:UpdateItem"], resources: [uploads.table.arn] },
    { actions: ["s3:ListBucketVersions"], resources: [originals.arn] },
    { actions: ["s3:DeleteObject", "s3:DeleteObjectVersion"], resources: [originals.objects] },
  ],
});

export const url = api.url;
