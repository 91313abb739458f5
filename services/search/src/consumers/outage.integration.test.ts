import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { Client } from "@opensearch-project/opensearch";
import { startOpenSearch } from "@shoebox/local/opensearch/server";
import { applyQueue } from "@shoebox/local/sqs/apply-queue";
import { startSqs } from "@shoebox/local/sqs/start-sqs";
import { createLogger } from "@shoebox/shared/log";
import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { MOST_RECEIVES } from "@shoebox/shared/messaging/work-queue";
import type { SQSEvent } from "aws-lambda";
import { expect, it } from "vitest";
import { createIndexWriter } from "../adapters/index-writer.ts";
import { READ_ALIAS } from "../domain/index-name.ts";
import { cataloged, INDEX_SIZE, picture } from "../search.testkit.ts";
import { projectImages } from "./project-images.ts";

/** How often the queue hands the messages out while there is no engine; five would be the end elsewhere. */
const RECEIVES = 20;

it("lets events wait while the engine is down, none set aside, and catches up by itself", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "search-outage-"));
  const sqs = await startSqs({ dataDir: join(dataDir, "sqs") });
  const engineOptions = { dataDir: join(dataDir, "opensearch") };
  let engine = await startOpenSearch(engineOptions);
  const { port } = engine;
  const client = new Client({ node: engine.url, maxRetries: 0 });
  const letters = await applyQueue(sqs.client, { name: "projector-dlq" });
  const queue = await applyQueue(sqs.client, {
    name: "projector",
    attributes: {
      // Back at once; the rest is as infra declares it for a consumer that sets aside by itself.
      VisibilityTimeout: 0,
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: letters.queueArn,
        maxReceiveCount: MOST_RECEIVES,
      }),
    },
  });
  const project = projectImages({
    writer: createIndexWriter(client, INDEX_SIZE),
    deadLetters: createDeadLetters("search", { client: () => sqs.client }),
    log: createLogger("search", "silent"),
  });
  /** One turn of Lambda's poller: what throws or is named goes back, the rest is deleted. */
  const turn = async () => {
    const { Messages = [] } = await sqs.client.send(
      new ReceiveMessageCommand({ QueueUrl: queue.queueUrl, MaxNumberOfMessages: 10 }),
    );
    const Records = Messages.map(({ MessageId, Body }) => ({
      messageId: MessageId,
      body: Body,
      eventSourceARN: queue.queueArn,
    }));
    const answer = await project({ Records } as SQSEvent).catch(() => undefined);
    const back = new Set(answer?.batchItemFailures.map((item) => item.itemIdentifier));
    for (const { MessageId = "", ReceiptHandle } of answer ? Messages : []) {
      if (back.has(MessageId)) continue;
      await sqs.client.send(new DeleteMessageCommand({ QueueUrl: queue.queueUrl, ReceiptHandle }));
    }
    return Messages.length;
  };
  const depth = async (QueueUrl: string) => {
    const AttributeNames = ["ApproximateNumberOfMessages" as const];
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames });
    return Number((await sqs.client.send(command)).Attributes?.ApproximateNumberOfMessages);
  };

  try {
    const images = Array.from({ length: 5 }, () => picture());
    await engine.close();
    for (const body of [...images.map(cataloged), "not json"]) {
      const MessageBody = typeof body === "string" ? body : JSON.stringify(body);
      await sqs.client.send(new SendMessageCommand({ QueueUrl: queue.queueUrl, MessageBody }));
    }
    for (let receive = 0; receive < RECEIVES; receive += 1) await turn();
    expect(await depth(queue.queueUrl)).toBe(6);
    expect(await depth(letters.queueUrl)).toBe(0);

    engine = await startOpenSearch({ ...engineOptions, port });
    while ((await turn()) > 0);
    await client.indices.refresh({ index: READ_ALIAS });
    expect((await client.count({ index: READ_ALIAS })).body.count).toBe(5);
    expect(await depth(letters.queueUrl)).toBe(1);
  } finally {
    await client.close();
    await engine.close();
    await sqs.close();
    await rm(dataDir, { recursive: true });
  }
});
