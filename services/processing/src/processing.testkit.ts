import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { applyTable } from "@shoebox/local/dynamodb/apply-table";
import { startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import { startS3 } from "@shoebox/local/s3/server";
import { createIdempotencyTable } from "@shoebox/shared/aws/idempotency-table";
import { createReconciliationTable } from "@shoebox/shared/aws/reconciliation-table";
import { ImageDeleted } from "@shoebox/shared/events/catalog";
import type { DomainEvent } from "@shoebox/shared/events/define";
import { ImageUploaded } from "@shoebox/shared/events/upload";
import { createApi } from "@shoebox/shared/http/api";
import { deterministicId, newImageId } from "@shoebox/shared/ids";
import { type ContentType, originalKey, renditionPrefix } from "@shoebox/shared/image";
import { createLogger } from "@shoebox/shared/log";
import { createConsumer } from "@shoebox/shared/messaging/consumer";
import type { SQSEvent } from "aws-lambda";
import { createJobsTable } from "./adapters/jobs-table.ts";
import { createOriginals } from "./adapters/originals.ts";
import { createRenditionStore } from "./adapters/renditions.ts";
import { routes } from "./api/routes.ts";
import { onImageDeleted } from "./consumers/image-deleted.ts";
import { onImageUploaded } from "./consumers/image-uploaded.ts";
import { presets } from "./domain/presets.ts";
import { eicarScanner } from "./pipeline/eicar-scanner.ts";
import { processUpload, type Upload } from "./pipeline/pipeline.ts";
import type { Workshop } from "./pipeline/step.ts";
import { defaultLimits } from "./pipeline/workshop.testkit.ts";

/** The service over a real (local) DynamoDB and S3, for tests, with a clock to turn. */

export const NOON = Date.parse("2026-11-22T12:00:00.000Z");
const credentials = { accessKeyId: "AKIALOCAL", secretAccessKey: "local-secret" };
const region = "us-east-1";
const key = (AttributeName: string, KeyType: "HASH" | "RANGE") => ({ AttributeName, KeyType });

export async function startProcessing() {
  const dataDir = await mkdtemp(join(tmpdir(), "processing-"));
  const clock = { now: NOON };
  const now = () => clock.now;
  // What expires does so by the tests' clock, or the sweep would take it away in the middle of a test.
  const dynamo = await startDynamoDb({ dataDir: join(dataDir, "dynamodb"), now });
  const s3Server = await startS3({ dataDir: join(dataDir, "s3"), credentials: [credentials] });
  const database = new DynamoDBClient({ endpoint: dynamo.url, region, credentials });
  const s3 = new S3Client({ endpoint: s3Server.url, region, credentials, forcePathStyle: true });
  // S3's pages have 1000 keys; tests that want several pages make them smaller.
  const pageSize: { value: number | undefined } = { value: undefined };
  s3.middlewareStack.add(
    (next, context) => (args) =>
      context.commandName === "ListObjectsV2Command"
        ? next({ ...args, input: { ...args.input, MaxKeys: pageSize.value } })
        : next(args),
    { step: "initialize" },
  );
  await applyTable(database, {
    TableName: "jobs",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["PK", "SK", "copiesFor", "reachableUntil"].map((AttributeName) => ({
      AttributeName,
      AttributeType: "S",
    })),
    KeySchema: [key("PK", "HASH"), key("SK", "RANGE")],
    GlobalSecondaryIndexes: [
      {
        IndexName: "byImage",
        KeySchema: [key("SK", "HASH"), key("PK", "RANGE")],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
      {
        IndexName: "cdnCopies",
        KeySchema: [key("copiesFor", "HASH"), key("reachableUntil", "RANGE")],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
    TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
  });
  for (const Bucket of ["originals", "processed"])
    await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(
    new PutBucketVersioningCommand({
      Bucket: "originals",
      VersioningConfiguration: { Status: "Enabled" },
    }),
  );

  const documents = DynamoDBDocumentClient.from(database, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const jobs = createJobsTable(documents, "jobs");
  const renditions = createRenditionStore(s3, "processed");
  const workshop: Workshop = {
    originals: createOriginals(s3),
    renditions,
    scanner: eicarScanner,
    preset: presets.default,
    limits: defaultLimits,
  };
  const log = createLogger("processing", "silent");

  /** A worker; `around` may put something before or after its pipeline. */
  const worker = (
    around: (run: () => ReturnType<typeof processUpload>) => ReturnType<typeof processUpload> = (
      run,
    ) => run(),
  ) =>
    createConsumer({
      subscriptions: [
        onImageUploaded({
          jobs,
          renditions,
          originalsBucket: "originals",
          process: (upload: Upload) => around(() => processUpload(upload, workshop)),
          now,
        }),
      ],
      log,
      concurrency: 2,
    });
  const deleterFor = (forgets?: "shown" | "public") =>
    createConsumer({ subscriptions: [onImageDeleted({ jobs, renditions, forgets, now })], log });
  const api = createApi({
    routes,
    deps: {
      jobs,
      now,
      reconciliations: createReconciliationTable(documents, "jobs"),
      reconcileQueue: { send: async () => undefined },
    },
    log,
    corsOrigins: ["https://gallery.example"],
    idempotency: createIdempotencyTable(documents, "jobs"),
    now,
  });
  const request = async (init: RequestInit, path: string, userId: string) => {
    const authorizer = userId === "" ? undefined : { userId, admin: "false" };
    const env = { requestContext: { requestId: "request-1", authorizer } };
    const response = await api.request(path, init, env);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  return {
    clock,
    pageSize,
    jobs,
    renditions,
    s3,
    workshop,
    worker,
    deleter: deleterFor(),
    deleterFor,
    log,
    get: (path: string, userId = "ann") => request({}, path, userId),
    retry: ({ imageId }: { imageId: string }, userId = "ann", headers = {}) =>
      request({ method: "POST", headers }, `/v1/processing/${imageId}/retry`, userId),
    /** Stores bytes as an original and gives back the event that announces it. */
    async upload(bytes: Buffer, contentType: ContentType = "image/jpeg", ownerId = "ann") {
      const imageId = newImageId(clock.now);
      const objectKey = originalKey(ownerId, imageId, contentType);
      const { VersionId: versionId = "" } = await s3.send(
        new PutObjectCommand({
          Bucket: "originals",
          Key: objectKey,
          Body: bytes,
          ContentType: contentType,
        }),
      );
      const event = ImageUploaded.make(metadata("ImageUploaded", imageId), {
        imageId,
        ownerId,
        bucket: "originals",
        key: objectKey,
        versionId,
        contentType,
        size: bytes.length,
        tags: [],
        visibility: "private",
        uploadedAt: new Date(clock.now).toISOString(),
      });
      return { imageId, ownerId, key: objectKey, versionId, event };
    },
    deletion(image: { imageId: string; ownerId: string }, audience?: "owner" | "public") {
      return ImageDeleted.make(metadata("ImageDeleted", image.imageId), {
        imageId: image.imageId,
        ownerId: image.ownerId,
        version: 7,
        deletedAt: new Date(clock.now).toISOString(),
        uploadedAt: new Date(clock.now).toISOString(),
        key: "originals/x",
        audience,
      });
    },
    async storedKeys(imageId: string) {
      const listing = new ListObjectsV2Command({
        Bucket: "processed",
        Prefix: renditionPrefix(imageId),
      });
      return ((await s3.send(listing)).Contents ?? []).map((object) => object.Key);
    },
    async item(image: { imageId: string; ownerId: string }) {
      const { Item } = await documents.send(
        new GetCommand({
          TableName: "jobs",
          Key: { PK: `userId#${image.ownerId}`, SK: `imageId#${image.imageId}` },
        }),
      );
      return Item;
    },
    async close() {
      s3.destroy();
      database.destroy();
      await s3Server.close();
      await dynamo.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function metadata(type: string, imageId: string) {
  return {
    eventId: deterministicId(type, imageId, 1),
    occurredAt: new Date(NOON).toISOString(),
    correlationId: "correlation-1",
  };
}

/** Messages as SQS hands them over. */
export function messages(...events: DomainEvent[]): SQSEvent {
  return {
    Records: events.map((event, index) => ({
      messageId: `message-${index}`,
      receiptHandle: "handle",
      body: JSON.stringify({
        id: `envelope-${index}`,
        source: event.source,
        "detail-type": event.detailType,
        time: event.detail.metadata.occurredAt,
        detail: event.detail,
      }),
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: "0",
        SenderId: "events",
        ApproximateFirstReceiveTimestamp: "0",
      },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:worker",
      awsRegion: "us-east-1",
    })),
  };
}

export const succeeded = { batchItemFailures: [] };
