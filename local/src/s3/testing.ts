import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { onTestFinished } from "vitest";
import type { S3Event } from "./events.ts";
import { type S3Options, type S3Server, startS3 } from "./server.ts";

export const CREDENTIAL = { accessKeyId: "AKIALOCAL", secretAccessKey: "local-secret" };

export const clientFor = (url: string) =>
  new S3Client({
    endpoint: url,
    region: "us-east-1",
    credentials: CREDENTIAL,
    forcePathStyle: true,
    maxAttempts: 1,
  });

/** Signs URLs without the checksum of an empty body, which the SDK's default adds to them. */
export const presigningClient = (url: string) =>
  new S3Client({
    endpoint: url,
    region: "us-east-1",
    credentials: CREDENTIAL,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
  });

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "local-s3-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestS3 extends S3Server {
  client: S3Client;
  events: S3Event[];
  dataDir: string;
}

/** An S3 of its own for one test, with the bucket `photos` that reports events. */
export async function s3ForTest(
  options: Partial<S3Options> & { versioned?: boolean } = {},
): Promise<TestS3> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const events: S3Event[] = [];
  const server = await startS3({
    dataDir,
    credentials: [CREDENTIAL],
    emit: async (event) => void events.push(event),
    ...options,
  });
  const client = clientFor(server.url);
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  await client.send(new CreateBucketCommand({ Bucket: "photos" }));
  await client.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: "photos",
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    }),
  );
  if (options.versioned) {
    await client.send(
      new PutBucketVersioningCommand({
        Bucket: "photos",
        VersioningConfiguration: { Status: "Enabled" },
      }),
    );
  }
  return { ...server, client, events, dataDir };
}

/** The error that a promise ends with, as `code status`. */
export async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return `${name} ${$metadata?.httpStatusCode}`;
  }
  return "no failure";
}

/** The `<Code>` of an error document, with its status. */
export async function errorOf(response: Response): Promise<string> {
  const code = /<Code>(.*?)<\/Code>/.exec(await response.text())?.[1];
  return `${code} ${response.status}`;
}
