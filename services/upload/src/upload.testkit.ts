import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { applyTable } from "@shoebox/local/dynamodb/apply-table";
import { startDynamoDb } from "@shoebox/local/dynamodb/start-dynamodb";
import type { S3Event } from "@shoebox/local/s3/events";
import { startS3 } from "@shoebox/local/s3/server";
import { createIdempotencyTable } from "@shoebox/shared/aws/idempotency-table";
import { createReconciliationTable } from "@shoebox/shared/aws/reconciliation-table";
import { type Api, createApi } from "@shoebox/shared/http/api";
import { createLogger } from "@shoebox/shared/log";
import { createConsumer, type Subscription } from "@shoebox/shared/messaging/consumer";
import type { SQSBatchResponse } from "aws-lambda";
import { vi } from "vitest";
import { createMultipartUploads } from "./adapters/multipart-uploads.ts";
import { createOriginals } from "./adapters/originals.ts";
import { createPartUrls } from "./adapters/part-urls.ts";
import { createPostForms, type PostForm } from "./adapters/post-forms.ts";
import { createSessionsTable, type Outcome } from "./adapters/sessions-table.ts";
import { createUppyEndpoints } from "./adapters/uppy-endpoints.ts";
import { routes } from "./api/routes.ts";
import type { Deps } from "./deps.ts";
import type { Session, SessionRef } from "./domain/session.ts";

const TABLE = "uploads";
const BUCKET = "originals";
const credentials = { accessKeyId: "AKIALOCAL", secretAccessKey: "local-secret" };
const log = createLogger("upload", "silent");

/** A JPEG as far as its first bytes go; the rest differs by `seed`. */
export function jpeg(size: number, seed = 0): Buffer {
  const bytes = Buffer.alloc(size, seed);
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  return bytes;
}

/** The upload service over the real local stores, with a clock that a test can set forward. */
export async function startUploads() {
  const dataDir = await mkdtemp(join(tmpdir(), "upload-"));
  const events: S3Event[] = [];
  const clock = { ahead: 0 };
  const now = () => Date.now() + clock.ahead;
  const [db, s3] = await Promise.all([
    // What expires does so by the tests' clock, or the sweep would take it away in the middle of a test.
    startDynamoDb({ dataDir: join(dataDir, "db"), now }),
    startS3({
      dataDir: join(dataDir, "s3"),
      credentials: [credentials],
      emit: async (event) => void events.push(event),
    }),
  ]);
  const region = "us-east-1";
  const dynamo = new DynamoDBClient({ endpoint: db.url, region, credentials });
  const objects = new S3Client({ endpoint: s3.url, region, credentials, forcePathStyle: true });
  const { streamArn } = await applyTable(dynamo, {
    TableName: TABLE,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: ["PK", "SK", "openShard", "dueAt"].map((AttributeName) => ({
      AttributeName,
      AttributeType: "S",
    })),
    KeySchema: [
      { AttributeName: "PK", KeyType: "HASH" },
      { AttributeName: "SK", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "openSessions",
        KeySchema: [
          { AttributeName: "openShard", KeyType: "HASH" },
          { AttributeName: "dueAt", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
    TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
  });
  await objects.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await objects.send(
    new PutBucketVersioningCommand({
      Bucket: BUCKET,
      VersioningConfiguration: { Status: "Enabled" },
    }),
  );
  await objects.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: BUCKET,
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );

  const tables = DynamoDBDocumentClient.from(dynamo, {
    marshallOptions: { removeUndefinedValues: true },
  });
  const deps: Deps = {
    sessions: createSessionsTable(tables, TABLE),
    originals: createOriginals(objects, BUCKET),
    postForms: await createPostForms(objects, BUCKET),
    multipartUploads: createMultipartUploads(objects, BUCKET),
    partUrls: await createPartUrls(objects, BUCKET),
    uppyEndpoints: createUppyEndpoints(tables, TABLE),
    quota: { bytes: 1e12, images: 1e6 },
    malwareScan: "none",
    now,
    // Time passes by itself while a request waits: the test's clock goes on instead.
    pause: async (milliseconds) => {
      clock.ahead += milliseconds;
    },
  };
  const apiWith = (others: Deps) =>
    createApi({
      routes,
      deps: {
        ...others,
        reconciliations: createReconciliationTable(tables, TABLE),
        reconcileQueue: { send: async () => undefined },
      },
      log,
      corsOrigins: [],
      idempotency: createIdempotencyTable(tables, TABLE),
      now: deps.now,
    });
  const api = apiWith(deps);
  const createdOn = (key: string) =>
    events.filter(
      (event) => event.detailType === "Object Created" && event.detail.object.key === key,
    );

  return {
    deps,
    api,
    log,
    clock,
    tables,
    objects,
    streamArn,
    table: TABLE,
    bucket: BUCKET,
    urls: { dynamodb: db.url, s3: s3.url },
    call: callerOf(api),
    /** The same with other dependencies: such as those of a process that dies. */
    callWith: (other: Deps, ...call: Parameters<ReturnType<typeof callerOf>>) =>
      callerOf(apiWith(other))(...call),
    /** What S3 has said of this key so far. */
    events: createdOn,
    /** Waits until S3 has spoken of every version that is there. */
    async settled(key: string): Promise<void> {
      const { Versions = [] } = await objects.send(
        new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: key }),
      );
      for (const { VersionId } of Versions) {
        const isReported = () =>
          createdOn(key).some(({ detail }) => detail.object["version-id"] === VersionId);
        await vi.waitFor(() => isReported() || Promise.reject(new Error("not yet")), {
          interval: 2,
          timeout: 5000,
        });
      }
    },
    /** What S3's lifecycle does by then (ms), given a rule as the bucket of the programs has it. */
    async sweepLifecycle(at: number): Promise<void> {
      await objects.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket: BUCKET,
          LifecycleConfiguration: {
            Rules: [
              {
                ID: "abandoned-multipart-uploads",
                Status: "Enabled",
                Filter: { Prefix: "" },
                AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
              },
            ],
          },
        }),
      );
      s3.sweepLifecycle(at);
    },
    /** The upload as it is in the table, which must be there. */
    async session(ref: SessionRef): Promise<Session> {
      const session = await deps.sessions.load(ref, deps.now());
      if (!session) throw new Error(`There is no session of ${ref.imageId}.`);
      return session;
    },
    /** Ends an upload as what follows from its object would. */
    async end(ref: SessionRef, outcome: Outcome): Promise<boolean> {
      const session = await deps.sessions.load(ref, deps.now());
      if (session?.status !== "awaiting") throw new Error(`${ref.imageId} is not awaited.`);
      return deps.sessions.close(session, outcome, deps.now());
    },
    /** The event of the newest object on this key, when S3 has reported `count` of them. */
    async reported(key: string, count = 1): Promise<S3Event> {
      await vi.waitFor(() => createdOn(key)[count - 1] ?? Promise.reject(new Error("not yet")), {
        interval: 2,
        timeout: 5000,
      });
      return createdOn(key)[count - 1] as S3Event;
    },
    /** The version ids on a key, delete markers included, the newest first. */
    async versions(key: string): Promise<string[]> {
      const { Versions = [], DeleteMarkers = [] } = await objects.send(
        new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: key }),
      );
      return [...Versions, ...DeleteMarkers].map((version) => version.VersionId ?? "");
    },
    async close() {
      dynamo.destroy();
      objects.destroy();
      await Promise.all([db.close(), s3.close()]);
      await rm(dataDir, { recursive: true });
    },
  };
}

export type Uploads = Awaited<ReturnType<typeof startUploads>>;

/** Calls the API as a user whom the authorizer has let in. */
function callerOf(api: Api) {
  return async (userId: string, method: string, path: string, body?: unknown, headers = {}) => {
    const response = await api.request(
      path,
      {
        method,
        headers: {
          ...(body !== undefined && { "Content-Type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      },
      { requestContext: { requestId: "request-1", authorizer: { userId } } },
    );
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
  };
}

/** Sends a form as a browser does. */
export function sendForm(form: PostForm, bytes: Uint8Array, changed = {}): Promise<Response> {
  const data = new FormData();
  for (const [name, value] of Object.entries({ ...form.fields, ...changed })) {
    data.append(name, value as string);
  }
  data.append("file", new Blob([Buffer.from(bytes)]), "picture");
  return fetch(form.url, { method: "POST", body: data });
}

/** Hands one event to a consumer, as SQS would hand what EventBridge put there. */
export function deliver(
  subscription: Subscription,
  event: { source: string; detailType: string; detail: unknown },
): Promise<SQSBatchResponse> {
  const attributes = {
    ApproximateReceiveCount: "1",
    SentTimestamp: "0",
    SenderId: "events",
    ApproximateFirstReceiveTimestamp: "0",
  };
  const body = JSON.stringify({
    id: "00000000-0000-4000-8000-000000000000",
    source: event.source,
    "detail-type": event.detailType,
    time: "2026-11-22T12:00:00Z",
    detail: event.detail,
  });
  return createConsumer({ subscriptions: [subscription], log })({
    Records: [
      {
        messageId: "m1",
        receiptHandle: "r1",
        body,
        attributes,
        messageAttributes: {},
        md5OfBody: "",
        eventSource: "aws:sqs",
        eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:q",
        awsRegion: "us-east-1",
      },
    ],
  });
}

export const DONE: SQSBatchResponse = { batchItemFailures: [] };
export const FAILED: SQSBatchResponse = { batchItemFailures: [{ itemIdentifier: "m1" }] };
