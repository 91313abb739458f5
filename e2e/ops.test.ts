import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { signIn, upload } from "./client.ts";
import { eventually } from "./eventually.ts";
import { listenToFacts } from "./facts.ts";
import { smallPicture } from "./pictures.ts";
import { runOps } from "./run-ops.ts";

const url = inject("url");

/** Runs it against the shared system unless told otherwise. */
const ops = (args: string[], env: Record<string, string> = {}) =>
  runOps(args, { SHOEBOX_URL: url, ...env });

describe("the ops tool", () => {
  it("tells the state of the index and of its domain", async () => {
    const [status, domains] = await Promise.all([
      ops(["index-status", "--json"]),
      ops(["domain", "--json"]),
    ]);
    expect([status.code, status.stderr, domains.code, domains.stderr]).toEqual([0, "", 0, ""]);
    expect(JSON.parse(status.stdout)).toMatchObject({ nodes: 1, indexes: expect.any(Array) });
    expect(JSON.parse(domains.stdout)).toEqual([
      expect.objectContaining({
        name: "shoebox-local-search",
        endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        engine: "OpenSearch_2.19",
        state: "active",
        health: expect.stringMatching(/^(green|yellow)$/),
      }),
    ]);
    const [{ endpoint }] = JSON.parse(domains.stdout) as [{ endpoint: string }];
    expect(await (await fetch(endpoint)).text()).toContain("opensearch");
  });

  it("is for admins: another's token is refused, in the server's words", async () => {
    const { token } = await signIn(url);
    const { code, stdout, stderr } = await ops(["index-status"], { SHOEBOX_TOKEN: token });
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toBe("Only an administrator may do this.\n");
  });

  it.each([
    [["domain", "shoebox-other"], 1, /^There is no search domain shoebox-other: /],
    [["index-status", "--url", "http://127.0.0.1:2"], 3, /^Nobody answers at .*npm start/],
    [["rebuild", "--from", "2026-01-01"], 2, /^from: needs the source archive\.$/m],
    [["index-status", "--token", "made-up"], 3, /^The token is not accepted: /],
  ])("says of %j with code %i what to do, in one sentence", async (args, expected, sentence) => {
    const { code, stdout, stderr } = await ops(args);
    expect([code, stdout]).toEqual([expected, ""]);
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});

describe("operators", () => {
  const awsEnv = join(inject("folder"), "aws.env");

  it.each(["upload", "catalog", "processing"])(
    "have %s compared with what it should be, signed with their AWS credentials, and get its report",
    async (service) => {
      const { code, stdout, stderr } = await ops(["reconcile", service, "--aws-env", awsEnv]);
      expect(stderr).toBe("");
      const lines = stdout.trimEnd().split("\n");
      const summary = JSON.parse(lines.pop() ?? "") as {
        reconciliation: string;
        dryRun: boolean;
        counts: Record<string, { found: number }>;
      };
      expect(summary).toMatchObject({ reconciliation: expect.any(String), dryRun: true });
      const found = Object.values(summary.counts).reduce((sum, one) => sum + one.found, 0);
      expect([lines.length, code]).toEqual([found, found === 0 ? 0 : 1]);
    },
  );

  it("do to the index what administrators do, without a token", async () => {
    const { code, stdout, stderr } = await ops(["index-status", "--json", "--aws-env", awsEnv]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({ nodes: 1, indexes: expect.any(Array) });
  });

  it("are not who merely says so: another's key, or an administrator's token, opens nothing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ops-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const guessed = join(folder, "aws.env");
    const known = readFileSync(awsEnv, "utf8");
    writeFileSync(
      guessed,
      known.replace(/^AWS_SECRET_ACCESS_KEY=.*$/m, "AWS_SECRET_ACCESS_KEY=guess"),
    );
    const { code, stdout, stderr } = await ops(["reconcile", "upload", "--aws-env", guessed]);
    expect([code, stdout, stderr]).toEqual([3, "", "The request's signature does not hold.\n"]);
    const admin = await signIn(url, undefined, true);
    const path = "/v1/uploads/ops/reconciliations";
    expect((await admin.call("POST", path, { body: {} })).status).toBe(403);
  });
});

describe("changes that Lambda gave up", () => {
  const env = parseEnv(readFileSync(join(inject("folder"), "aws.env"), "utf8"));
  const client = (endpoint: string | undefined) => ({
    region: env.AWS_REGION,
    endpoint,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? "",
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "",
    },
  });

  /** Where the change is that made this image `uploaded`: shard and number, as Lambda would tell. */
  async function whereabouts(streams: DynamoDBStreamsClient, imageId: string) {
    const listing = new ListStreamsCommand({ TableName: "shoebox-local-upload-uploads" });
    const streamArn = (await streams.send(listing)).Streams?.[0]?.StreamArn ?? "";
    const stream = await streams.send(new DescribeStreamCommand({ StreamArn: streamArn }));
    for (const { ShardId: shardId = "" } of stream.StreamDescription?.Shards ?? []) {
      const beginning = { StreamArn: streamArn, ShardId: shardId };
      let { ShardIterator: iterator } = await streams.send(
        new GetShardIteratorCommand({ ...beginning, ShardIteratorType: "TRIM_HORIZON" }),
      );
      for (let read = 1; iterator !== undefined && read > 0; ) {
        const page = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
        const found = page.Records?.find(
          ({ dynamodb }) =>
            dynamodb?.NewImage?.imageId?.S === imageId &&
            dynamodb.NewImage.status?.S === "uploaded",
        );
        const number = found?.dynamodb?.SequenceNumber;
        if (number) {
          return { streamArn, shardId, startSequenceNumber: number, endSequenceNumber: number };
        }
        read = page.Records?.length ?? 0;
        iterator = page.NextShardIterator;
      }
    }
    throw new Error("The stream has no such change.");
  }

  it("are relayed by a redrive although their letter says only where they are, and twice is harmless", async () => {
    const user = await signIn(url);
    const facts = await listenToFacts(url);
    const streams = new DynamoDBStreamsClient(client(env.AWS_ENDPOINT_URL_DYNAMODB_STREAMS));
    const sqs = new SQSClient(client(env.AWS_ENDPOINT_URL_SQS));
    onTestFinished(() => {
      facts.close();
      streams.destroy();
      sqs.destroy();
    });
    const id = await upload(user, await smallPicture(200), { contentType: "image/jpeg" });
    const { image } = await facts.status(id, "ready");
    const queue = "shoebox-local-upload-relay-failed";
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
    const letter = {
      requestContext: { condition: "RetryAttemptsExhausted" },
      DDBStreamBatchInfo: {
        ...(await whereabouts(streams, id)),
        approximateArrivalOfLastRecord: new Date().toISOString(),
      },
    };
    const told = () => facts.of(id).filter(({ type }) => type === "ImageUploaded").length;
    const awsEnv = ["--aws-env", join(inject("folder"), "aws.env")];
    for (const times of [2, 3]) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(letter) }));
      const { code, stdout, stderr } = await ops(["dlq", "redrive", queue, ...awsEnv, "--json"]);
      expect([code, stderr]).toEqual([0, ""]);
      expect(JSON.parse(stdout).queues).toEqual([{ queue, done: 1, left: 0 }]);
      await eventually(told, (count) => count === times);
    }
    const { body } = await user.get<{ status: string; version: number }>(`/v1/images/${id}`);
    expect(body).toMatchObject({ status: "ready", version: image?.version });
  });
});
