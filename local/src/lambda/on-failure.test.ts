import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalSqs, startSqs } from "../sqs/start-sqs.ts";
import { CREDENTIALS, REGION, temporaryDirectory } from "./handlers.testkit.ts";
import { type DiscardedBatch, onFailureDestination } from "./on-failure.ts";
import type { StreamRecord } from "./stream-event.ts";

const dir = temporaryDirectory();
const NOW = new Date("2026-11-22T14:05:06.789Z");
let server: LocalSqs;
let sqs: SQSClient;

beforeAll(async () => {
  server = await startSqs({ dataDir: dir.path, port: 0 });
  const endpoint = server.url;
  sqs = new SQSClient({
    endpoint,
    region: REGION,
    credentials: CREDENTIALS,
    useQueueUrlAsEndpoint: false,
  });
});

afterAll(async () => {
  await server.close();
  dir.remove();
});

function record(SequenceNumber: string): StreamRecord {
  return {
    eventID: SequenceNumber,
    eventName: "INSERT",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: REGION,
    dynamodb: {
      ApproximateCreationDateTime: 1_795_000_000,
      SequenceNumber,
      SizeBytes: 1,
      StreamViewType: "KEYS_ONLY",
    },
    eventSourceARN: "arn:stream",
  };
}

const batch: DiscardedBatch = {
  records: [record("7"), record("8")],
  shardId: "shard",
  streamArn: "arn:stream",
  functionArn: "arn:fn",
  requestId: "request",
  condition: "RetryAttemptsExhausted",
  invocations: 3,
};

const metadata = {
  requestContext: {
    requestId: "request",
    functionArn: "arn:fn",
    condition: "RetryAttemptsExhausted",
    approximateInvokeCount: 3,
  },
  responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
  version: "1.0",
  timestamp: "2026-11-22T14:05:06.789Z",
  DDBStreamBatchInfo: {
    shardId: "shard",
    startSequenceNumber: "7",
    endSequenceNumber: "8",
    approximateArrivalOfFirstRecord: "2026-11-18T11:06:40.000Z",
    approximateArrivalOfLastRecord: "2026-11-18T11:06:40.000Z",
    batchSize: 2,
    streamArn: "arn:stream",
  },
};

describe("an on-failure destination", () => {
  it("that is a queue gets the metadata only", async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "failed" }));
    const arn = "arn:aws:sqs:us-east-1:000000000000:failed";
    const send = onFailureDestination(arn, "mapping", {
      sqs,
      s3: new S3Client({ region: REGION }),
    });
    await send(batch, NOW);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(JSON.parse(Messages?.[0]?.Body ?? "")).toEqual(metadata);
  });

  it("that is a bucket gets the whole event under the documented key", async () => {
    const received = Promise.withResolvers<{ url: string; body: string }>();
    // Only what is sent is looked at here, so any listener will do for S3.
    const bucket = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      received.resolve({ url: request.url ?? "", body });
      response.end();
    });
    await once(bucket.listen(0, "127.0.0.1"), "listening");
    const { port } = bucket.address() as AddressInfo;
    const s3 = new S3Client({
      endpoint: `http://127.0.0.1:${port}`,
      region: REGION,
      credentials: CREDENTIALS,
      forcePathStyle: true,
    });
    await onFailureDestination("arn:aws:s3:::failed", "mapping", { sqs, s3 })(batch, NOW);
    const { url, body } = await received.promise;
    expect(url).toMatch(
      /^\/failed\/aws\/lambda\/mapping\/shard\/2026\/11\/22\/2026-11-22T14\.05\.06-[\w-]{36}\?/,
    );
    const { payload, ...rest } = JSON.parse(body);
    expect(rest).toEqual(metadata);
    expect(JSON.parse(payload)).toEqual({ Records: batch.records });
    bucket.close();
    s3.destroy();
  });

  it("of another kind is refused", () => {
    const clients = { sqs, s3: new S3Client({ region: REGION }) };
    expect(() => onFailureDestination("arn:aws:sns:us-east-1:0:t", "m", clients)).toThrow(
      "neither an SQS queue nor an S3 bucket",
    );
  });
});
