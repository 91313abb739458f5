import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { applyQueue } from "@shoebox/local/sqs/apply-queue";
import { type LocalSqs, startSqs } from "@shoebox/local/sqs/start-sqs";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { describeQueues, QUEUE } from "./queues.contract.ts";
import { goingOn, simulatedStores } from "./simulated.ts";

describeQueues("simulated", async () => {
  const named = (name: string) => ({
    name,
    arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
    url: `http://sqs.sim/000000000000/${name}`,
    visibilityTimeout: QUEUE.visibilityTimeoutSeconds * 1_000,
    retention: QUEUE.retentionSeconds * 1_000,
    maxReceiveCount: undefined,
    deadLetterArn: undefined,
  });
  const deadLetters = named("dead-letters");
  const { maxReceiveCount } = QUEUE;
  const work = { ...named("work"), maxReceiveCount, deadLetterArn: deadLetters.arn };
  const world = simulatedStores({ queues: [work, deadLetters] });
  onTestFinished(world.close);
  return {
    client: goingOn<SQSClient>(world.clients.sqs, world),
    work: work.url,
    deadLetters: deadLetters.url,
    pass: (seconds) => world.scheduler.pass(seconds * 1_000),
  };
});

let dataDir: string;
let embedded: LocalSqs;
let clock = Date.parse("2026-11-22T12:00:00.000Z");
let names = 0;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "contract-"));
  embedded = await startSqs({ dataDir, now: () => clock });
});

afterAll(async () => {
  await embedded.close();
  await rm(dataDir, { recursive: true });
});

describeQueues("embedded", async () => {
  names += 1;
  const attributes = {
    VisibilityTimeout: QUEUE.visibilityTimeoutSeconds,
    MessageRetentionPeriod: QUEUE.retentionSeconds,
  };
  const deadLetters = await applyQueue(embedded.client, { name: `dead-${names}`, attributes });
  const { maxReceiveCount } = QUEUE;
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: deadLetters.queueArn,
    maxReceiveCount,
  });
  const work = await applyQueue(embedded.client, {
    name: `work-${names}`,
    attributes: { ...attributes, RedrivePolicy },
  });
  return {
    client: embedded.client,
    work: work.queueUrl,
    deadLetters: deadLetters.queueUrl,
    async pass(seconds) {
      clock += seconds * 1_000;
    },
  };
});
