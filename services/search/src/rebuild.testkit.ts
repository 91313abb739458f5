import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { applyTable } from "@shoebox/local/dynamodb/apply-table";
import { startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import { createIdempotencyTable } from "@shoebox/shared/aws/idempotency-table";
import { imageChecksum } from "@shoebox/shared/checksum";
import {
  CatalogSnapshotPage,
  type ImageState,
  type Tombstone,
} from "@shoebox/shared/events/catalog";
import { createJobsTable } from "./adapters/jobs-table.ts";
import { createSnapshotsTable, type SnapshotRequest } from "./adapters/snapshots-table.ts";

/** The table of rebuilds on a real (local) DynamoDB. */
export async function startRebuildsTable() {
  const dataDir = await mkdtemp(join(tmpdir(), "rebuilds-"));
  const local = await startDynamoDb({ dataDir });
  const client = new DynamoDBClient({
    endpoint: local.url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const TableName = "rebuilds";
  await applyTable(client, {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["PK", "SK"].map((AttributeName) => ({
      AttributeName,
      AttributeType: "S",
    })),
    KeySchema: [
      { AttributeName: "PK", KeyType: "HASH" },
      { AttributeName: "SK", KeyType: "RANGE" },
    ],
  });
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  return {
    jobs: createJobsTable(documents, TableName),
    snapshots: createSnapshotsTable(documents, TableName),
    idempotency: createIdempotencyTable(documents, TableName),
    async close() {
      client.destroy();
      await local.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A catalog as its snapshots show it: pictures, and what is left of deleted ones. */
export function createCatalog() {
  const images = new Map<string, ImageState>();
  const tombstones = new Map<string, Tombstone>();
  return {
    images,
    tombstones,
    has(...some: ImageState[]) {
      for (const image of some) images.set(image.imageId, image);
    },
    deletes({ imageId, ownerId, version }: ImageState) {
      images.delete(imageId);
      tombstones.set(imageId, { imageId, ownerId, version: version + 1 });
    },
    /** The pages that answer a request: two segments, a few owners in each page. */
    pages(request: SnapshotRequest): unknown[] {
      const { snapshotId, mode, owners: asked } = request;
      const known = new Set([...images.values(), ...tombstones.values()].map((i) => i.ownerId));
      const owners = (asked ?? [...known]).toSorted();
      const segments = [0, 1].map((segment) =>
        owners.filter((_, position) => position % 2 === segment),
      );
      return segments.flatMap((own, segment) => {
        const groups = Array.from({ length: Math.max(1, Math.ceil(own.length / 2)) }, (_, n) =>
          own.slice(n * 2, n * 2 + 2),
        );
        return groups.map((group, page) => {
          const of = <T extends { ownerId: string }>(all: Map<string, T>) =>
            [...all.values()].filter(({ ownerId }) => group.includes(ownerId));
          const data = {
            snapshotId,
            segment,
            segments: segments.length,
            page,
            last: page === groups.length - 1,
            takenAt: "2026-11-22T12:00:00.000Z",
            owners: group.map((ownerId) => {
              const mine = of(images).filter((image) => image.ownerId === ownerId);
              return {
                ownerId,
                images: mine.length,
                checksum: mine.reduce((sum, i) => sum + imageChecksum(i.imageId, i.version), 0),
              };
            }),
          };
          return envelope(
            CatalogSnapshotPage.make(
              {
                eventId: crypto.randomUUID(),
                occurredAt: data.takenAt,
                correlationId: request.correlationId,
              },
              mode === "summary"
                ? { ...data, mode }
                : { ...data, mode, images: of(images), tombstones: of(tombstones) },
            ),
          );
        });
      });
    },
  };
}

function envelope(event: { source: string; detailType: string; detail: unknown }): unknown {
  const { source, detailType, detail } = event;
  return { id: "1", source, "detail-type": detailType, time: "2026-11-22T12:00:00Z", detail };
}
