import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import type { DomainEvent } from "@shoebox/shared/events/define";
import { createLogger } from "@shoebox/shared/log";
import { createRelay } from "@shoebox/shared/messaging/relay";
import type { APIGatewayProxyEvent, Context, DynamoDBStreamEvent } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { toEvents } from "../publish.ts";
import { jpeg, sendForm, startUploads, type Uploads } from "../upload.testkit.ts";

let uploads: Uploads;
beforeAll(async () => {
  uploads = await startUploads();
});
// Before each: what a test stubs is put back before the next one.
beforeEach(() => {
  const environment = {
    SERVICE: "upload",
    LOG_LEVEL: "silent",
    BUS_NAME: "shoebox",
    RELAY_DEAD_LETTERS_URL: "http://127.0.0.1:1/000000000000/relay-failed",
    UPLOADS_TABLE: uploads.table,
    ORIGINALS_BUCKET: uploads.bucket,
    RATES_TABLE: uploads.table,
    RECONCILE_QUEUE: "reconcile-uploads",
    RATE_LIMIT: "100",
    RATE_BURST: "200",
    QUOTA_BYTES: "1000000",
    QUOTA_IMAGES: "10",
    MALWARE_SCAN: "none",
    CORS_ORIGINS: "https://a.example,https://b.example",
    OIDC_ISSUER: "https://issuer.example",
    OIDC_AUDIENCE: "shoebox",
    OIDC_JWKS_URI: "https://issuer.example/keys",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "AKIALOCAL",
    AWS_SECRET_ACCESS_KEY: "local-secret",
    AWS_ENDPOINT_URL_DYNAMODB: uploads.urls.dynamodb,
    AWS_ENDPOINT_URL_S3: uploads.urls.s3,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});
afterAll(() => uploads.close());

describe("the functions, configured by their environment alone", () => {
  it("take an upload from its request to the fact that it was uploaded", async () => {
    const { handler: api } = await import("./api.ts");
    const answer = await api(request("POST", "/v1/uploads"), {} as Context);
    expect(answer.statusCode).toBe(201);
    const form = JSON.parse(answer.body);
    expect(answer.multiValueHeaders?.location).toEqual([`/v1/uploads/${form.imageId}`]);
    expect((await sendForm(form, jpeg(1000))).status).toBe(201);

    const { handler: objectCreated } = await import("./object-created.ts");
    const event = await uploads.reported(form.fields.key);
    const record = { body: sqsBody(event), attributes: { ApproximateReceiveCount: "1" } };
    expect(await objectCreated({ Records: [{ messageId: "1", ...record }] } as never)).toEqual({
      batchItemFailures: [],
    });

    const facts = await relayed();
    expect(facts.map((fact) => [fact.detailType, fact.detail.metadata.correlationId])).toEqual([
      ["ImageUploaded", "correlation-1"],
    ]);
    expect(facts[0]?.detail.data).toMatchObject({ imageId: form.imageId, ownerId: "ann" });
  });

  it("all load", async () => {
    const modules = [
      await import("./authorizer.ts"),
      await import("./relay.ts"),
      await import("./image-deleted.ts"),
      await import("./expire-sessions.ts"),
      await import("./processing-ended.ts"),
      await import("./republish-uploads.ts"),
      await import("./reconcile-uploads.ts"),
    ];
    for (const { handler } of modules) expect(handler).toBeTypeOf("function");
  });
});

function request(method: string, path: string): APIGatewayProxyEvent {
  const headers = { "content-type": "application/json", "x-correlation-id": "correlation-1" };
  return {
    httpMethod: method,
    path,
    resource: path,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, [v]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    isBase64Encoded: false,
    body: JSON.stringify({ contentType: "image/jpeg", size: 1000 }),
    requestContext: {
      requestId: "request-1",
      domainName: "api.example",
      authorizer: { userId: "ann", admin: "false" },
    } as unknown as APIGatewayProxyEvent["requestContext"],
  };
}

function sqsBody(event: { source: string; detailType: string; detail: unknown }): string {
  const { source, detailType, detail } = event;
  return JSON.stringify({ id: "1", source, "detail-type": detailType, time: "", detail });
}

/** What the relay makes of the table's whole stream. */
async function relayed(): Promise<DomainEvent[]> {
  const streams = new DynamoDBStreamsClient({ endpoint: uploads.urls.dynamodb });
  const StreamArn = uploads.streamArn;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn,
      ShardId: StreamDescription?.Shards?.[0]?.ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    }),
  );
  const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
  streams.destroy();
  const facts: DomainEvent[] = [];
  const relay = createRelay({
    publisher: {
      publish: async (events) => {
        facts.push(...events);
        return [];
      },
    },
    toEvents,
    log: createLogger("upload", "silent"),
  });
  const images = Records as { eventName: string; dynamodb: Record<string, AttributeValue> }[];
  await relay({ Records: images } as unknown as DynamoDBStreamEvent);
  return facts;
}
