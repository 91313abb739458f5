import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyQueue } from "./apply-queue.ts";
import { type LocalSqs, startSqs } from "./start-sqs.ts";

let dataDir: string;
let sqs: LocalSqs;
let client: SQSClient;
let clock: number;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "sqs-"));
  clock = Date.now();
  await boot();
});

afterEach(async () => {
  await sqs.close();
  await rm(dataDir, { recursive: true });
});

async function boot(): Promise<void> {
  sqs = await startSqs({ dataDir, now: () => clock });
  client = sqs.client;
}

async function queue(attributes: Record<string, string> = {}, name = "work"): Promise<string> {
  return (await applyQueue(client, { name, attributes })).queueUrl;
}

async function receive(QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}) {
  const input = {
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ["All" as const],
    ...more,
  };
  return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
}

const send = (QueueUrl: string, MessageBody: string, DelaySeconds?: number) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }));

const redrive = (name: string, maxReceiveCount: number) =>
  JSON.stringify({
    deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
    maxReceiveCount,
  });

describe("sending and receiving", () => {
  it("delivers a body of any script with its attributes and their digests", async () => {
    const url = await queue();
    const MessageAttributes = {
      correlationId: { DataType: "String", StringValue: "c-1" },
      bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2, 3]) },
    };
    const body = JSON.stringify({ caption: "sea 🌊 море 海" });
    const sent = await client.send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageAttributes }),
    );
    const [message] = await receive(url, { MessageAttributeNames: ["All"] });
    expect(message?.Body).toBe(body);
    expect(message?.MessageAttributes?.correlationId?.StringValue).toBe("c-1");
    expect([...(message?.MessageAttributes?.bytes?.BinaryValue ?? [])]).toEqual([1, 2, 3]);
    expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    expect(message?.Attributes).toMatchObject({
      ApproximateReceiveCount: "1",
      SentTimestamp: String(clock),
    });
  });

  it("wakes a long poll at once when a message arrives", async () => {
    const url = await queue();
    const polling = receive(url, { WaitTimeSeconds: 20 });
    await send(url, "first");
    const start = performance.now();
    expect(await polling).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(500);
  });

  it("gives one message to one of many who wait, and the others wait on", async () => {
    const url = await queue();
    const polls = Array.from({ length: 5 }, () => receive(url, { WaitTimeSeconds: 1 }));
    await send(url, "only");
    expect((await Promise.all(polls)).flat()).toHaveLength(1);
  });

  it("never takes a message for a client that went away", async () => {
    const url = await queue();
    const abort = new AbortController();
    const gone = client
      .send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }), {
        abortSignal: abort.signal,
      })
      .catch((error: Error) => error.name);
    await receive(url);
    abort.abort();
    expect(await gone).toBe("AbortError");
    const polling = receive(url, { WaitTimeSeconds: 5 });
    await send(url, "for the one who is here");
    expect(await polling).toHaveLength(1);
  });

  it("shows a message again after its visibility timeout, and at once with timeout 0", async () => {
    const url = await queue({ VisibilityTimeout: "30" });
    await send(url, "again");
    const [first] = await receive(url);
    expect(await receive(url)).toHaveLength(0);
    clock += 30_000;
    const [second] = await receive(url);
    expect(second?.MessageId).toBe(first?.MessageId);
    const { ReceiptHandle } = second ?? {};
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 }),
    );
    expect((await receive(url)).map((m) => m.Attributes?.ApproximateReceiveCount)).toEqual(["3"]);
    const stale = new ChangeMessageVisibilityCommand({
      QueueUrl: url,
      ReceiptHandle,
      VisibilityTimeout: 9,
    });
    await expect(client.send(stale)).rejects.toMatchObject({ name: "MessageNotInflight" });
  });

  it("deletes by the latest receipt only", async () => {
    const url = await queue({ VisibilityTimeout: "1" });
    await send(url, "x");
    const [first] = await receive(url);
    clock += 1_000;
    const [second] = await receive(url, { VisibilityTimeout: 0 });
    const drop = (ReceiptHandle?: string) =>
      client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    await drop(first?.ReceiptHandle);
    expect(await receive(url, { VisibilityTimeout: 0 })).toHaveLength(1);
    await drop(second?.ReceiptHandle);
    const [latest] = await receive(url, { VisibilityTimeout: 0 });
    await drop(latest?.ReceiptHandle);
    expect(await receive(url)).toHaveLength(0);
    await expect(drop("nonsense")).rejects.toMatchObject({ name: "ReceiptHandleIsInvalid" });
  });

  it("holds a delayed message back, of the message or of the queue", async () => {
    const url = await queue({ DelaySeconds: "5" });
    await send(url, "queue's delay");
    await send(url, "own delay", 60);
    expect(await receive(url)).toHaveLength(0);
    clock += 5_000;
    expect((await receive(url)).map((m) => m.Body)).toEqual(["queue's delay"]);
    clock += 55_000;
    expect((await receive(url)).map((m) => m.Body)).toContain("own delay");
  });

  it("forgets a message when its retention ends", async () => {
    const url = await queue({ MessageRetentionPeriod: "60" });
    await send(url, "old");
    clock += 59_999;
    expect(await receive(url, { VisibilityTimeout: 0 })).toHaveLength(1);
    clock += 1;
    expect(await receive(url)).toHaveLength(0);
  });
});

describe("limits", () => {
  it("takes 1 MiB and not a byte more", async () => {
    const url = await queue();
    await send(url, "x".repeat(1_048_576));
    await expect(send(url, "x".repeat(1_048_577))).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  });

  it("fails the entries of a batch that are wrong and takes the others", async () => {
    const url = await queue({ MaximumMessageSize: "1024" });
    const Entries = [
      { Id: "good", MessageBody: "x" },
      { Id: "large", MessageBody: "x".repeat(1_025) },
      { Id: "control", MessageBody: "\u0001" },
    ];
    const { Successful, Failed } = await client.send(
      new SendMessageBatchCommand({ QueueUrl: url, Entries }),
    );
    expect(Successful?.map((s) => s.Id)).toEqual(["good"]);
    expect(Failed?.map((f) => [f.Id, f.Code])).toEqual([
      ["large", "InvalidParameterValue"],
      ["control", "InvalidMessageContents"],
    ]);
    const [message] = await receive(url);
    const deletes = [
      { Id: "a", ReceiptHandle: message?.ReceiptHandle },
      { Id: "b", ReceiptHandle: "nonsense" },
    ];
    const deleted = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl: url, Entries: deletes }),
    );
    expect(deleted.Successful?.map((s) => s.Id)).toEqual(["a"]);
    expect(deleted.Failed?.map((f) => f.Id)).toEqual(["b"]);
  });

  it("refuses a batch as a whole that is empty, too long, or names an id twice", async () => {
    const url = await queue();
    const batch = (Entries: { Id: string; MessageBody: string }[]) =>
      client
        .send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
        .catch((e: Error) => e.name);
    const entries = (count: number, body = "x") =>
      Array.from({ length: count }, (_, n) => ({ Id: `e${n}`, MessageBody: body }));
    expect(await batch([])).toContain("EmptyBatchRequest");
    expect(await batch(entries(11))).toContain("TooManyEntriesInBatchRequest");
    expect(await batch([...entries(1), ...entries(1)])).toContain("BatchEntryIdsNotDistinct");
    expect(await batch(entries(2, "x".repeat(600_000)))).toContain("BatchRequestTooLong");
  });
});

describe("dead letters", () => {
  it("moves a message that was received maxReceiveCount times, and back on a move task as a new one", async () => {
    const dead = await queue({}, "dead");
    const url = await queue({ RedrivePolicy: redrive("dead", 2), VisibilityTimeout: "0" });
    const { MessageId } = await send(url, "poison");
    expect(await receive(url)).toHaveLength(1);
    expect(await receive(url)).toHaveLength(1);
    const waiting = receive(dead, { WaitTimeSeconds: 20, VisibilityTimeout: 0 });
    expect(await receive(url)).toHaveLength(0);
    const [letter] = await waiting;
    expect(letter?.MessageId).toBe(MessageId);
    expect(letter?.Attributes?.DeadLetterQueueSourceArn).toBe(
      "arn:aws:sqs:us-east-1:000000000000:work",
    );
    const SourceArn = "arn:aws:sqs:us-east-1:000000000000:dead";
    await client.send(new StartMessageMoveTaskCommand({ SourceArn }));
    const tasks = await client.send(new ListMessageMoveTasksCommand({ SourceArn }));
    expect(tasks.Results).toMatchObject([
      { Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1 },
    ]);
    const [again] = await receive(url);
    expect(again?.Body).toBe("poison");
    expect(again?.MessageId).not.toBe(MessageId);
    expect(again?.Attributes?.ApproximateReceiveCount).toBe("1");
  });

  it("does not redrive a queue that is nobody's dead-letter queue, nor a letter without a source", async () => {
    await queue();
    const SourceArn = "arn:aws:sqs:us-east-1:000000000000:work";
    const move = (input: { SourceArn: string; DestinationArn?: string }) =>
      client.send(new StartMessageMoveTaskCommand(input));
    await expect(move({ SourceArn })).rejects.toThrow(/Dead Letter Queue/);
    await queue({ RedrivePolicy: redrive("work", 3) }, "source");
    await sqs.sendBatch(SourceArn, ["put here directly"]);
    await move({ SourceArn });
    const tasks = await client.send(new ListMessageMoveTasksCommand({ SourceArn }));
    expect(tasks.Results).toMatchObject([
      { Status: "FAILED", FailureReason: "CouldNotDetermineMessageSource" },
    ]);
    await move({ SourceArn, DestinationArn: "arn:aws:sqs:us-east-1:000000000000:source" });
    expect(
      await receive(await queue({ RedrivePolicy: redrive("work", 3) }, "source")),
    ).toHaveLength(1);
  });

  it("refuses a redrive policy whose target does not exist", async () => {
    await expect(queue({ RedrivePolicy: redrive("nowhere", 2) })).rejects.toThrow(/does not exist/);
  });
});

describe("queues", () => {
  it("is what its declaration says, however often it is applied", async () => {
    await queue({}, "dead");
    const url = await queue({ VisibilityTimeout: "60", RedrivePolicy: redrive("dead", 5) });
    await send(url, "stays");
    expect(await queue({ MessageRetentionPeriod: "1209600" })).toBe(url);
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
    );
    expect(Attributes).toMatchObject({
      QueueArn: "arn:aws:sqs:us-east-1:000000000000:work",
      VisibilityTimeout: "30",
      MessageRetentionPeriod: "1209600",
      ApproximateNumberOfMessages: "1",
    });
    expect(Attributes).not.toHaveProperty("RedrivePolicy");
    await client.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect(await receive(url)).toHaveLength(0);
    const { QueueUrls } = await client.send(new ListQueuesCommand({ QueueNamePrefix: "de" }));
    expect(QueueUrls).toEqual([`${sqs.url}/000000000000/dead`]);
  });

  it("takes a queue URL of an earlier boot, when the endpoint comes from the environment", async () => {
    await queue();
    process.env.AWS_ENDPOINT_URL_SQS = sqs.url;
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const service = new SQSClient({
      region: "us-east-1",
      credentials,
      useQueueUrlAsEndpoint: false,
    });
    const QueueUrl = "http://127.0.0.1:1/000000000000/work";
    await service.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
    service.destroy();
    delete process.env.AWS_ENDPOINT_URL_SQS;
    expect(await receive(`${sqs.url}/000000000000/work`)).toHaveLength(1);
  });

  it("tells that a queue does not exist", async () => {
    await expect(receive(`${sqs.url}/000000000000/nope`)).rejects.toMatchObject({
      name: "QueueDoesNotExist",
    });
    await expect(sqs.sendBatch("arn:aws:sqs:us-east-1:000000000000:nope", ["x"])).rejects.toThrow(
      /does not exist/,
    );
  });

  it("answers 501 to all that is not SQS, and to FIFO queues", async () => {
    const sns = await fetch(sqs.url, {
      method: "POST",
      body: "Action=ListTopics&Version=2010-03-31",
    });
    expect(sns.status).toBe(501);
    expect((await fetch(`${sqs.url}/bucket/key`)).status).toBe(501);
    const unknown = { "x-amz-target": "AmazonSQS.AddPermission" };
    const answer = await fetch(sqs.url, { method: "POST", headers: unknown, body: "{}" });
    expect(answer.status).toBe(501);
    expect(await answer.text()).toContain("does not support the action AmazonSQS.AddPermission");
    const fifo = client.send(new CreateQueueCommand({ QueueName: "orders.fifo" }));
    await expect(fifo).rejects.toThrow(/does not support FIFO/);
  });

  it("sends directly for the parts in its process, and wakes who waits", async () => {
    const url = await queue();
    const polling = receive(url, { WaitTimeSeconds: 20 });
    await sqs.sendBatch("arn:aws:sqs:us-east-1:000000000000:work", ["one", "two"]);
    const first = await polling;
    expect([...first, ...(await receive(url))].map((m) => m.Body).sort()).toEqual(["one", "two"]);
  });
});

describe("durability", () => {
  it("shows in-flight messages again at once after a restart", async () => {
    const url = await queue({ VisibilityTimeout: "900" });
    await send(url, "in flight");
    await send(url, "delayed", 900);
    expect(await receive(url)).toHaveLength(1);
    await sqs.close();
    await boot();
    const again = await receive(`${sqs.url}/000000000000/work`);
    expect(again.map((m) => [m.Body, m.Attributes?.ApproximateReceiveCount])).toEqual([
      ["in flight", "2"],
    ]);
  });

  it("has every answered message after kill -9", async () => {
    await sqs.close();
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, "owner.testkit.ts"), dataDir],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const endpoint = line.toString().trim();
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const victim = new SQSClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
    const { queueUrl } = await applyQueue(victim, { name: "work" });
    const answered: string[] = [];
    const senders = Array.from({ length: 8 }, async (_, sender) => {
      for (let n = 0; ; n += 1) {
        await victim.send(
          new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: `${sender}-${n}` }),
        );
        answered.push(`${sender}-${n}`);
        if (answered.length === 300) child.kill("SIGKILL");
      }
    });
    await Promise.allSettled(senders);
    victim.destroy();
    clock = Date.now();
    await boot();
    const found = new Set<string | undefined>();
    for (;;) {
      const messages = await receive(`${sqs.url}/000000000000/work`);
      if (messages.length === 0) break;
      for (const { Body } of messages) found.add(Body);
    }
    expect(answered.length).toBeGreaterThanOrEqual(300);
    expect(answered.filter((body) => !found.has(body))).toEqual([]);
  });
});
