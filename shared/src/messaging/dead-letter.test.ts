import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { applyQueue } from "@shoebox/local/sqs/apply-queue";
import { startSqs } from "@shoebox/local/sqs/start-sqs";
import type { SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rememberingLog } from "../log.testkit.ts";
import { createDeadLetters, type DeadLetters } from "./dead-letter.ts";
import { createJob } from "./job.ts";
import { MAX_RECEIVES } from "./work-queue.ts";

let sqs: Awaited<ReturnType<typeof startSqs>>;
let dataDir: string;
let QueueUrl: string;
let deadLetters: DeadLetters;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "dead-letters-"));
  sqs = await startSqs({ dataDir });
  QueueUrl = (await applyQueue(sqs.client, { name: "jobs-dlq" })).queueUrl;
  deadLetters = createDeadLetters("upload", { client: () => sqs.client, now: () => 0 });
});
afterAll(async () => {
  await sqs.close();
  await rm(dataDir, { recursive: true });
});

const message = (queue: string, body: string, receives = MAX_RECEIVES) =>
  ({
    messageId: "m-1",
    body,
    attributes: { ApproximateReceiveCount: String(receives) },
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
  }) as SQSRecord;

async function received() {
  const receive = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"] });
  const [letter] = (await sqs.client.send(receive)).Messages ?? [];
  const attributes = Object.entries(letter?.MessageAttributes ?? {});
  return {
    body: letter?.Body,
    ...Object.fromEntries(attributes.map(([name, value]) => [name, value.StringValue])),
  };
}

describe("a dead letter", () => {
  it.each([
    ["a reason", "a reason"],
    ["", "unknown"],
    [
      "line one\nwith \u0000 control and \ud800 half a pair",
      "line one\nwith   control and \ufffd half a pair",
    ],
    ["x".repeat(5_000), "x".repeat(1_000)],
  ])("keeps its body as it was, beside why and whence it came (%#)", async (reason, kept) => {
    const body = '{"some":  "event, é 🦊"}';
    await deadLetters.setAside(message("jobs", body), reason);
    expect(await received()).toEqual({
      body,
      reason: kept,
      service: "upload",
      queue: "jobs",
      at: "1970-01-01T00:00:00.000Z",
      messageId: "m-1",
    });
  });
});

describe("a job that fails", () => {
  const { log, lines } = rememberingLog();
  const job = createJob({
    run: () => Promise.reject(new Error("the bucket is not there")),
    log,
    get deadLetters() {
      return deadLetters;
    },
  });

  it("gives its message back, and the last time leaves it with its reason", async () => {
    expect(await job({ Records: [message("jobs", "tick", 1)] })).toEqual({
      batchItemFailures: [{ itemIdentifier: "m-1" }],
    });
    expect(lines).not.toContainEqual(expect.objectContaining({ EventsSetAside: 1 }));
    expect(await job({ Records: [message("jobs", "tick")] })).toEqual({ batchItemFailures: [] });
    expect(lines).toContainEqual(expect.objectContaining({ EventsSetAside: 1, service: "test" }));
    expect(await received()).toMatchObject({ body: "tick", reason: "the bucket is not there" });
  });

  it("leaves its message to SQS when there is nowhere to put it", async () => {
    expect(await job({ Records: [message("nowhere", "tick")] })).toEqual({
      batchItemFailures: [{ itemIdentifier: "m-1" }],
    });
  });
});
