import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { onTestFinished } from "vitest";
import { type RecordingSqs, recordingSqs } from "./recording-sqs.testkit.ts";
import { type EventBridgeOptions, type EventBridgeServer, startEventBridge } from "./server.ts";

export const ACCOUNT = "000000000000";
export const QUEUE = `arn:aws:sqs:us-east-1:${ACCOUNT}:orders`;
export const OTHER_QUEUE = `arn:aws:sqs:us-east-1:${ACCOUNT}:others`;
export const DEAD_LETTERS = `arn:aws:sqs:us-east-1:${ACCOUNT}:orders-dlq`;
export const DEFAULT_BUS_ARN = `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/default`;

export function clientOf(url: string): EventBridgeClient {
  return new EventBridgeClient({
    endpoint: url,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
}

/** A data folder that goes away with the test. */
export async function newDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "eventbridge-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  return dataDir;
}

export interface TestBridge {
  dataDir: string;
  server: EventBridgeServer;
  client: EventBridgeClient;
  sqs: RecordingSqs;
  warnings: string[];
}

/** A bridge over a recording SQS and an SDK client for it, both gone when the test ends. */
export async function newBridge(options: Partial<EventBridgeOptions> = {}): Promise<TestBridge> {
  const dataDir = options.dataDir ?? (await newDataDir());
  const sqs = recordingSqs();
  const warnings: string[] = [];
  const keep = (_fields: object, message: string) => {
    warnings.push(message);
  };
  const logger = { info: () => undefined, warn: keep, error: keep };
  const server = await startEventBridge({ dataDir, sqs, logger, heartbeat: 10, ...options });
  const client = clientOf(server.url);
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  return { dataDir, server, client, sqs, warnings };
}
