import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { applyTable } from "@shoebox/local/dynamodb/apply-table";
import { startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import { createCdnSigner } from "@shoebox/shared/cdn/signer";
import type { DomainEvent } from "@shoebox/shared/events/define";
import {
  ImageProcessed,
  ImageRejected,
  RenditionsDeleted,
} from "@shoebox/shared/events/processing";
import { ImageUploaded, OriginalDeleted } from "@shoebox/shared/events/upload";
import { createApi } from "@shoebox/shared/http/api";
import { imageIdTime, newImageId } from "@shoebox/shared/ids";
import { originalKey, renditionPrefix } from "@shoebox/shared/image";
import { createLogger } from "@shoebox/shared/log";
import { createConsumer } from "@shoebox/shared/messaging/consumer";
import type { SQSEvent } from "aws-lambda";
import type { z } from "zod";
import { createImagesTable } from "./adapters/images-table.ts";
import { routes } from "./api/routes.ts";
import { subscriptions } from "./consumers/subscriptions.ts";
import type { ImageKey } from "./domain/image-record.ts";

/** The catalog over a real (local) DynamoDB, for tests: API, ingest and table, and a clock to turn. */

export const NOON = Date.parse("2026-05-01T12:00:00.000Z");
export const OWNER = "ann";
const TABLE = "images";

export type UploadedData = z.infer<typeof ImageUploaded.data>;
export type ProcessedData = z.infer<typeof ImageProcessed.data>;

export function uploadedData(
  imageId = newImageId(NOON),
  changes: Partial<UploadedData> = {},
): UploadedData {
  const ownerId = changes.ownerId ?? OWNER;
  return {
    imageId,
    ownerId,
    bucket: "originals",
    key: originalKey(ownerId, imageId, "image/jpeg"),
    versionId: `v-${imageId.slice(-6)}`,
    contentType: "image/jpeg",
    size: 4_500_000,
    fileName: "Strand & Meer.jpeg",
    tags: ["beach"],
    visibility: "private",
    uploadedAt: new Date(imageIdTime(imageId)).toISOString(),
    ...changes,
  };
}

export function processedData(key: ImageKey, changes: Partial<ProcessedData> = {}): ProcessedData {
  const rendition = (name: string, format: "webp" | "jpeg", width: number) => ({
    name,
    format,
    width,
    height: width,
    size: width * 100,
    key: `${renditionPrefix(key.imageId)}${name}.${format}`,
  });
  return {
    ...key,
    width: 4000,
    height: 3000,
    thumbHash: "3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
    color: "#8aa0b4",
    takenAt: "2026-04-30T08:00:00.000Z",
    exif: { cameraMake: "Canon", fNumber: 2.8 },
    gps: { latitude: 50.8, longitude: -0.13 },
    renditions: [
      rendition("thumb", "webp", 150),
      rendition("large", "jpeg", 1080),
      rendition("large", "webp", 1080),
    ],
    ...changes,
  };
}

export const REJECTION = { code: "infected", message: "The file contains malware." };

const metadata = () => ({
  eventId: crypto.randomUUID(),
  occurredAt: new Date(NOON).toISOString(),
  correlationId: "correlation-1",
});

/** The events the catalog hears, of one image. */
export const facts = {
  uploaded: (data: UploadedData) => ImageUploaded.make(metadata(), data),
  processed: (data: ProcessedData) => ImageProcessed.make(metadata(), data),
  rejected: ({ ownerId, imageId }: ImageKey) =>
    ImageRejected.make(metadata(), { ownerId, imageId, reason: REJECTION }),
  originalDeleted: ({ ownerId, imageId }: ImageKey) =>
    OriginalDeleted.make(metadata(), { ownerId, imageId }),
  renditionsDeleted: ({ ownerId, imageId }: ImageKey) =>
    RenditionsDeleted.make(metadata(), { ownerId, imageId }),
};

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
export const cdnPublicKey = publicKey;

export async function startCatalog() {
  const dataDir = await mkdtemp(join(tmpdir(), "catalog-"));
  const local = await startDynamoDb({ dataDir });
  const client = new DynamoDBClient({
    endpoint: local.url,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await applyTable(client, tableDeclaration());
  const documents = DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const log = createLogger("catalog", "silent");
  const clock = { at: NOON };
  const deps = {
    images: createImagesTable(documents, TABLE),
    cdn: createCdnSigner({
      baseUrl: "https://cdn.example",
      keyId: "K1",
      privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    }),
    now: () => clock.at,
    log,
  };
  const api = createApi({ routes, deps, log, corsOrigins: ["https://app.example"] });
  const consume = createConsumer({ subscriptions: subscriptions(deps), log });

  return {
    ...deps,
    client,
    documents,
    table: TABLE,
    clock,
    /** A request as the user, already through the authorizer. */
    async request(path: string, init: RequestInit & { as?: string } = {}) {
      const { as = OWNER, ...rest } = init;
      const requestContext = { requestId: crypto.randomUUID(), authorizer: { userId: as } };
      return await api.request(path, rest, { requestContext });
    },
    /** Delivers events through the real consumer; fails when one goes back to its queue. */
    async deliver(...events: DomainEvent[]) {
      const { batchItemFailures } = await consume(sqsEvent(events));
      if (batchItemFailures.length > 0) throw new Error("An event went back to its queue.");
    },
    /** The DynamoDB calls that `act` makes, as `Query`, `GetItem consistent`, … */
    async callsOf(act: () => Promise<unknown>): Promise<string[]> {
      const calls: string[] = [];
      client.middlewareStack.add(
        (next, context) => (args) => {
          const consistent = JSON.stringify(args.input).includes('"ConsistentRead":true');
          const name = String(context.commandName).replace(/Command$/, "");
          calls.push(consistent ? `${name} consistent` : name);
          return next(args);
        },
        { step: "finalizeRequest", name: "calls" },
      );
      try {
        await act();
      } finally {
        client.middlewareStack.remove("calls");
      }
      return calls;
    },
    async close() {
      client.destroy();
      await local.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

export type Catalog = Awaited<ReturnType<typeof startCatalog>>;

function sqsEvent(events: DomainEvent[]): SQSEvent {
  const Records = events.map((event, index) => ({
    messageId: String(index),
    body: JSON.stringify({
      id: crypto.randomUUID(),
      source: event.source,
      "detail-type": event.detailType,
      time: event.detail.metadata.occurredAt,
      detail: event.detail,
    }),
    attributes: { ApproximateReceiveCount: "1" },
  }));
  return { Records } as unknown as SQSEvent;
}

function tableDeclaration() {
  const names = ["PK", "SK", "tagKey", "imageKey", "uploadDate", "awaiting", "republishAt"];
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
  return {
    TableName: TABLE,
    BillingMode: "PAY_PER_REQUEST" as const,
    AttributeDefinitions: names.map((AttributeName) => ({
      AttributeName,
      AttributeType: "S" as const,
    })),
    KeySchema: keys("PK", "SK"),
    GlobalSecondaryIndexes: [
      {
        IndexName: "byTag",
        KeySchema: keys("tagKey", "imageKey"),
        Projection: { ProjectionType: "KEYS_ONLY" as const },
      },
      {
        IndexName: "byUploadDate",
        KeySchema: keys("uploadDate", "SK"),
        Projection: { ProjectionType: "KEYS_ONLY" as const },
      },
      {
        IndexName: "awaitingConfirmation",
        KeySchema: keys("awaiting", "republishAt"),
        Projection: {
          ProjectionType: "INCLUDE" as const,
          NonKeyAttributes: ["deletedAt", "republished"],
        },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" as const },
    TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
  };
}
