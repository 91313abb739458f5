import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { applyQueue } from "@shoebox/local/sqs/apply-queue";
import { startSqs } from "@shoebox/local/sqs/start-sqs";
import { createDeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Session } from "../command.ts";
import { ExitCode, type Failure } from "../failure.ts";
import { dlq } from "./dlq.ts";

const PREFIX = "shoebox-local-";
const credentials = { accessKeyId: "AKIALOCAL", secretAccessKey: "local-secret" };
const names = [
  "upload-object-created",
  "upload-object-created-dlq",
  "upload-object-created-undeliverable",
  "upload-relay-again",
  "upload-relay-failed",
];

let dataDir: string;
let sqs: Awaited<ReturnType<typeof startSqs>>;
let urls: Record<string, string>;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "dlq-"));
  sqs = await startSqs({ dataDir, credentials });
  const env = [
    "AWS_REGION=us-east-1",
    `AWS_ACCESS_KEY_ID=${credentials.accessKeyId}`,
    `AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey}`,
    `AWS_ENDPOINT_URL_SQS=${sqs.url}`,
  ];
  await writeFile(join(dataDir, "aws.env"), env.join("\n"));
  urls = {};
  for (const name of names) {
    urls[name] = (await applyQueue(sqs.client, { name: PREFIX + name })).queueUrl;
  }
});
afterAll(async () => {
  await sqs.close();
  await rm(dataDir, { recursive: true });
});
beforeEach(async () => {
  for (const name of names) await take(name);
});

/** All that can be received from a queue; it is gone then. */
async function take(name: string): Promise<string[]> {
  const QueueUrl = urls[name] ?? "";
  const all: string[] = [];
  for (;;) {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await sqs.client.send(receive);
    if (Messages.length === 0) return all.sort();
    all.push(...Messages.map(({ Body = "" }) => Body));
  }
}
const send = (name: string, body: unknown, attributes: Record<string, string> = {}) =>
  sqs.client.send(
    new SendMessageCommand({
      QueueUrl: urls[name],
      MessageBody: typeof body === "string" ? body : JSON.stringify(body),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([key, StringValue]) => [
          key,
          { DataType: "String", StringValue },
        ]),
      ),
    }),
  );
/** As a consumer of ours leaves it. */
const giveUp = (body: string, reason: string) =>
  createDeadLetters("upload", { client: () => sqs.client }).setAside(
    {
      body,
      messageId: "m",
      eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${PREFIX}upload-object-created`,
    },
    reason,
  );

async function run(words: string[], options: Record<string, string | boolean> = {}) {
  const lines: string[] = [];
  const screen = { say: (line: string) => lines.push(line), show: () => undefined, live: false };
  const api = { url: "http://127.0.0.1:7070", local: true };
  const session = { api, screen, json: true } as unknown as Session;
  const given = { words, options: { "aws-env": join(dataDir, "aws.env"), ...options } };
  const code = await dlq.run(given, session);
  return { code, lines: lines.map((line) => JSON.parse(line)) };
}
const DLQ = `${PREFIX}upload-object-created-dlq`;
const change = { reason: "this item makes no sense", record: { dynamodb: {} } };
const givenUp = (hoursAgo: number) => ({
  requestContext: { condition: "RecordAgeExceeded" },
  DDBStreamBatchInfo: {
    shardId: "shard-1",
    startSequenceNumber: "1",
    endSequenceNumber: "9",
    approximateArrivalOfLastRecord: new Date(Date.now() - hoursAgo * 3_600_000).toISOString(),
  },
});
const readable = givenUp(23);
const tooOld = givenUp(25);

async function oneOfEach() {
  await giveUp("given up", "the table is gone");
  await send("upload-object-created-dlq", "timed out");
  await send("upload-object-created-undeliverable", "an event", {
    ERROR_CODE: "NO_PERMISSIONS",
    ERROR_MESSAGE: "denied",
  });
  await send("upload-relay-failed", change);
  await send("upload-relay-failed", readable);
  await send("upload-relay-failed", tooOld);
}

describe("dead letters of every kind", () => {
  it("are counted by queue, each kind by its name", async () => {
    expect((await run(["list"])).code).toBe(ExitCode.done);
    await oneOfEach();
    const { code, lines } = await run(["list"]);
    expect(code).toBe(ExitCode.notGood);
    expect(
      lines[0].map(({ name, kind, target, letters }: Record<string, unknown>) => [
        String(name).slice(PREFIX.length),
        kind,
        String(target).slice(PREFIX.length),
        letters,
      ]),
    ).toEqual([
      ["upload-object-created-dlq", "consumer", "upload-object-created", 2],
      ["upload-object-created-undeliverable", "rule", "upload-object-created", 1],
      ["upload-relay-failed", "relay", "upload-relay-again", 3],
    ]);
  });

  it("say why, and are all still there after somebody looked", async () => {
    await oneOfEach();
    const shown = async () => (await run(["show", "all"])).lines.map(({ reason }) => reason).sort();
    const reasons = [
      "EventBridge: NO_PERMISSIONS: denied",
      "Lambda: RecordAgeExceeded",
      "Lambda: RecordAgeExceeded, and the stream does not have them any more",
      "moved by SQS: its function crashed or ran out of time",
      "the table is gone",
      "this item makes no sense",
    ];
    expect(await shown()).toEqual(reasons);
    expect(await shown()).toEqual(reasons);
  });

  it("go back to where they failed, to the letter, but what the stream does not have any more stays", async () => {
    await oneOfEach();
    const { lines } = await run(["redrive", "all"], { rate: "1000" });
    expect(lines[0].queues.map(({ done, left }: Record<string, number>) => [done, left])).toEqual([
      [2, 0],
      [1, 0],
      [2, 1],
    ]);
    expect(await take("upload-object-created")).toEqual(["an event", "given up", "timed out"]);
    expect(await take("upload-relay-again")).toEqual(
      [JSON.stringify(change), JSON.stringify(readable)].sort(),
    );
    expect(await take("upload-relay-failed")).toEqual([JSON.stringify(tooOld)]);
    expect(await take("upload-object-created-dlq")).toEqual([]);
  });
});

describe("a redrive", () => {
  it("of some: by reason, and no more than asked for; the others can be had at once", async () => {
    for (let n = 0; n < 12; n++) await giveUp(`busy ${n}`, "the engine is busy");
    await giveUp("odd", "it can't be read");
    const asked = { reason: "busy", limit: "11", rate: "1000" };
    const dry = await run(["redrive", DLQ], { ...asked, "dry-run": true });
    expect(dry.lines[0].queues[0].done).toBe(11);
    expect(await take("upload-object-created")).toEqual([]);
    await run(["redrive", DLQ], asked);
    expect(await take("upload-object-created")).toHaveLength(11);
    const left = await take("upload-object-created-dlq");
    expect([left.length, left.filter((body) => body === "odd").length]).toEqual([2, 1]);
  });

  it("a second time finds nothing more to do", async () => {
    await giveUp("one", "no");
    await run(["redrive", DLQ]);
    expect((await run(["redrive", DLQ])).lines[0].queues).toEqual([
      { queue: DLQ, done: 0, left: 0 },
    ]);
    expect(await take("upload-object-created")).toEqual(["one"]);
  });
});

it("what is thrown away is gone, and nothing else", async () => {
  await giveUp("bad", "it can't be read");
  await giveUp("good", "the engine is busy");
  await run(["discard", DLQ], { reason: "read" });
  expect(await take("upload-object-created-dlq")).toEqual(["good"]);
  expect(await take("upload-object-created")).toEqual([]);
});

it.each([
  [["empty"], {}, ExitCode.misuse],
  [["discard"], {}, ExitCode.misuse],
  [["redrive", "all"], { limit: "0" }, ExitCode.misuse],
  [["redrive", "shoebox-local-upload-object-created"], {}, ExitCode.notGood],
  [["list"], { "aws-env": "nowhere/aws.env" }, ExitCode.noAccess],
])("%j %j is refused in a sentence", async (words, options, exitCode) => {
  await expect(run(words, options as Record<string, string>)).rejects.toMatchObject({
    exitCode,
    message: expect.stringMatching(/\.$/),
  } satisfies Partial<Record<keyof Failure, unknown>>);
});
