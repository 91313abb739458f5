import * as pulumi from "@pulumi/pulumi";
import { document } from "@shoebox/catalog/api/openapi";
import { CatalogSnapshotPaused } from "@shoebox/shared/events/catalog";
import {
  ImageProcessed,
  ImageRejected,
  ProcessingRequested,
  RenditionsDeleted,
} from "@shoebox/shared/events/processing";
import { CatalogSnapshotRequested } from "@shoebox/shared/events/search";
import { ImageUploaded, OriginalDeleted } from "@shoebox/shared/events/upload";
import { resourceName } from "../components/names.ts";
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

const snapshotSegments = new pulumi.Config().requireNumber("snapshotSegments");

const catalog = new Service("catalog", platform, {
  table: images,
  environment: {
    IMAGES_TABLE: images.table.name,
    RECONCILE_QUEUE: resourceName("catalog", "reconcile-images"),
    SNAPSHOT_SEGMENTS: String(snapshotSegments),
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
  // A hundred images may be in others' hands too; API Gateway gives up after 29.
  timeout: 29,
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
  [
    ImageUploaded,
    ImageProcessed,
    ImageRejected,
    ProcessingRequested,
    OriginalDeleted,
    RenditionsDeleted,
  ],
  { allow: [{ actions: write, resources: [images.table.arn] }] },
);

catalog.onEvents("snapshot", [CatalogSnapshotRequested, CatalogSnapshotPaused], {
  // One message is a piece of one segment's work, and all segments go on side by side. A call stops
  // by itself after a third of its time; a crash costs the wait for the message, six times as long.
  timeout: 15,
  memory: 1024,
  batchSize: 1,
  concurrency: Math.max(2, snapshotSegments),
  allow: [
    {
      actions: ["dynamodb:Scan", "dynamodb:Query", "dynamodb:GetItem", "dynamodb:PutItem"],
      resources: [images.table.arn],
    },
  ],
});

catalog.every("republish-tombstones", "rate(15 minutes)", {
  timeout: 300,
  allow: [
    { actions: ["dynamodb:Query"], resources: [images.index("awaitingConfirmation")] },
    { actions: ["dynamodb:UpdateItem"], resources: [images.table.arn] },
  ],
});

catalog.reconciles("reconcile-images", "rate(1 hour)", {
  timeout: 900,
  allow: [
    { actions: ["dynamodb:Query"], resources: [images.index("awaitingConfirmation")] },
    {
      actions: ["dynamodb:GetItem", "dynamodb:Scan", "dynamodb:PutItem"],
      resources: [images.table.arn],
    },
  ],
});

catalog.watch("time-to-ready", {
  metric: "TimeToReady",
  says: "One picture in a hundred takes more than five minutes from its upload until it can be shown.",
  runbook: "slow-pictures",
  statistic: "p99",
  above: 300_000,
  periods: 2,
});

catalog.dashboard();

export const url = api.url;
