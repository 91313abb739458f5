import { document } from "@shoebox/catalog/api/openapi";
import {
  ImageProcessed,
  ImageRejected,
  RenditionsDeleted,
} from "@shoebox/shared/events/processing";
import { ImageUploaded, OriginalDeleted } from "@shoebox/shared/events/upload";
import { readPlatform } from "../components/platform-outputs.ts";
import { Service } from "../components/service.ts";
import { Table } from "../components/table.ts";

/** The catalog service: the strongly consistent truth about every image, and the URLs that show it. */

const platform = readPlatform();
const images = new Table("catalog", "images", {
  indexes: [
    { name: "byTag", hashKey: "tagKey", rangeKey: "imageKey" },
    { name: "byUploadDate", hashKey: "uploadDate", rangeKey: "SK" },
    // Sparse: holds only deletions that are not yet confirmed.
    {
      name: "awaitingConfirmation",
      hashKey: "awaiting",
      rangeKey: "republishAt",
      includes: ["deletedAt", "republished"],
    },
  ],
});

const catalog = new Service("catalog", platform, {
  table: images,
  environment: {
    IMAGES_TABLE: images.table.name,
    CDN_DOMAIN: platform.cdnDomain,
    CDN_KEY_ID: platform.cdnKeyId,
    CDN_KEY_SECRET: platform.cdnKeySecretArn,
  },
});

const signingKey = {
  actions: ["secretsmanager:GetSecretValue"],
  resources: [platform.cdnKeySecretArn],
};
const write = ["dynamodb:UpdateItem", "dynamodb:PutItem", "dynamodb:DeleteItem"];

const api = catalog.api(document(), {
  allow: [
    {
      actions: [...write, "dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem"],
      resources: [images.table.arn],
    },
    { actions: ["dynamodb:Query"], resources: [images.index("byTag")] },
    signingKey,
  ],
});

catalog.onEvents(
  "ingest",
  [ImageUploaded, ImageProcessed, ImageRejected, OriginalDeleted, RenditionsDeleted],
  { allow: [{ actions: write, resources: [images.table.arn] }] },
);

catalog.every("republish-tombstones", "rate(15 minutes)", {
  timeout: 300,
  allow: [
    { actions: ["dynamodb:Query"], resources: [images.index("awaitingConfirmation")] },
    { actions: ["dynamodb:UpdateItem"], resources: [images.table.arn] },
  ],
});

export const url = api.url;
