import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import pino from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startSqs } from "../../sqs/start-sqs.ts";
import type { AwsSpec, FunctionSpec } from "../spec.ts";
import { enforceRoles, type RunAs } from "./enforce.ts";

const folder = mkdtempSync(join(tmpdir(), "shoebox-iam-"));
const denied: string[] = [];
let sqs: Awaited<ReturnType<typeof startSqs>>;
let client: SQSClient;
let runAs: RunAs;
beforeAll(async () => {
  sqs = await startSqs({ dataDir: folder, port: 0, logger: pino({ enabled: false }) });
  const aws: AwsSpec = {
    region: "us-east-1",
    accountId: "000000000000",
    credentials: { accessKeyId: "key", secretAccessKey: "secret" },
    endpoints: { sqs: sqs.url },
  };
  client = new SQSClient({
    region: aws.region,
    credentials: aws.credentials,
    endpoint: sqs.url,
    useQueueUrlAsEndpoint: false,
  });
  await client.send(new CreateQueueCommand({ QueueName: "work" }));
  runAs = enforceRoles(aws, (sentence) => denied.push(sentence));
});
afterAll(async () => {
  await sqs.close();
  rmSync(folder, { recursive: true, force: true });
});

const fn = (name: string, action: string) =>
  ({
    name,
    policy: [{ Action: [action], Resource: ["arn:aws:sqs:us-east-1:000000000000:work"] }],
  }) as unknown as FunctionSpec;
const send = () =>
  client.send(
    new SendMessageCommand({ QueueUrl: `${sqs.url}/000000000000/work`, MessageBody: "x" }),
  );

it("a function does what its role allows, and what no function does is not decided about", async () => {
  expect((await runAs(fn("may", "sqs:SendMessage"), send)).MessageId).toBeDefined();
  expect((await send()).MessageId).toBeDefined();
  expect(denied).toEqual([]);
});

it("a function that lacks a right is refused, by name, before anything is sent", async () => {
  await expect(runAs(fn("may-not", "sqs:ReceiveMessage"), send)).rejects.toThrow(
    "may-not is not authorized to perform sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:work",
  );
  expect(denied.length).toBeGreaterThan(0);
});

it("two functions at the same time are each judged by their own role", async () => {
  const results = await Promise.allSettled([
    runAs(fn("may", "sqs:SendMessage"), send),
    runAs(fn("may-not", "sqs:DeleteMessage"), send),
    runAs(fn("may", "sqs:SendMessage"), send),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
