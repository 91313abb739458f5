import { createSocket } from "node:dgram";
import { once } from "node:events";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { createRoute, z } from "@hono/zod-openapi";
import type { DynamoDBRecord, SQSEvent } from "aws-lambda";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { defineEvent } from "./events/define.ts";
import { testApi } from "./http/api.testkit.ts";
import { defineRoute } from "./http/api.ts";
import { rememberingLog } from "./log.testkit.ts";
import { fact, scriptedBus } from "./messaging/bus.testkit.ts";
import { createConsumer, on } from "./messaging/consumer.ts";
import { createPublisher } from "./messaging/publish.ts";
import { createRelay } from "./messaging/relay.ts";
import { traced, tracedSince, tracingCalls } from "./trace.ts";

const ROOT = "1-5759e988-bd862e3fe1be46a994272793";
const SEGMENT = "53995c3f42cd8ad8";

interface Subsegment {
  name: string;
  id: string;
  trace_id: string;
  parent_id: string;
  type: string;
  start_time: number;
  end_time: number;
  annotations?: Record<string, unknown>;
  namespace?: string;
  aws?: Record<string, string>;
  fault?: boolean;
  cause?: unknown;
}

/** What the daemon of X-Ray is to us: a socket that takes datagrams of a header, a line's end and a document. */
const daemon = createSocket("udp4");
const received: Subsegment[] = [];
beforeAll(async () => {
  daemon.on("message", (datagram) => {
    const [header, document, ...rest] = datagram.toString().split("\n");
    expect(header).toBe('{"format":"json","version":1}');
    expect(rest).toEqual([]);
    expect(datagram.length).toBeLessThan(64 * 1024);
    received.push(JSON.parse(document ?? "") as Subsegment);
  });
  daemon.bind(0, "127.0.0.1");
  await once(daemon, "listening");
});
afterAll(() => {
  daemon.close();
});
afterEach(() => {
  vi.unstubAllEnvs();
  received.length = 0;
});

function sampled(header = `Root=${ROOT};Parent=${SEGMENT};Sampled=1;Lineage=a:1`): void {
  vi.stubEnv("AWS_XRAY_DAEMON_ADDRESS", `127.0.0.1:${daemon.address().port}`);
  vi.stubEnv("_X_AMZN_TRACE_ID", header);
}

/** The next so many subsegments; each held to the documented format. */
async function subsegments(count: number): Promise<Subsegment[]> {
  await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(count), {
    interval: 5,
    timeout: 20_000,
  });
  for (const one of received) {
    expect(one).toMatchObject({ trace_id: ROOT, type: "subsegment" });
    expect(one.id).toMatch(/^[0-9a-f]{16}$/);
    expect(one.name).toMatch(/^[\w .:/%&#=+\\@-]{1,200}$/);
    expect(one.end_time).toBeGreaterThanOrEqual(one.start_time);
    expect(Math.abs(one.start_time - Date.now() / 1_000)).toBeLessThan(600);
    for (const key of Object.keys(one.annotations ?? {})) expect(key).toMatch(/^[A-Za-z0-9_]+$/);
  }
  return [...received];
}

describe("work that is traced", () => {
  it("is a subsegment of Lambda's segment, and what is inside it one of its own", async () => {
    sampled();
    const result = await traced("outer", { annotations: { correlationId: "c-1" } }, () =>
      traced("inner", {}, async () => 7),
    );
    expect(result).toBe(7);
    const [inner, outer] = await subsegments(2);
    expect(outer).toMatchObject({
      name: "outer",
      parent_id: SEGMENT,
      annotations: { correlationId: "c-1" },
    });
    expect(inner).toMatchObject({ name: "inner", parent_id: outer?.id });
  });

  it("that fails says so, and nothing that a user may have written", async () => {
    sampled();
    const fails = traced("bad", {}, () => Promise.reject(new TypeError("ann's secret")));
    await expect(fails).rejects.toThrow("ann's secret");
    const [bad] = await subsegments(1);
    expect(bad).toMatchObject({ fault: true, cause: { exceptions: [{ type: "TypeError" }] } });
    expect(JSON.stringify(bad)).not.toContain("secret");
  });

  it("side by side stays apart", async () => {
    sampled();
    const pair = (name: string) =>
      traced(name, {}, () => traced(`${name} inner`, {}, async () => 7));
    await Promise.all([pair("a"), pair("b")]);
    const all = await subsegments(4);
    const byName = new Map(all.map((one) => [one.name, one]));
    expect(byName.get("a inner")?.parent_id).toBe(byName.get("a")?.id);
    expect(byName.get("b inner")?.parent_id).toBe(byName.get("b")?.id);
  });

  it.each([
    ["that was not sampled", `Root=${ROOT};Parent=${SEGMENT};Sampled=0`],
    ["of no trace", ""],
    ["of a trace that can't be read", "Sampled=1;Root;Parent="],
  ])("%s is done and not sent", async (_, header) => {
    sampled(header);
    expect(await traced("quiet", {}, async () => 7)).toBe(7);
    await tracedSince(Date.now(), "quiet", () => [{}]);
    sampled();
    await traced("loud", {}, async () => 7);
    expect((await subsegments(1)).map(({ name }) => name)).toEqual(["loud"]);
  });

  it("goes on when no daemon takes it", async () => {
    sampled();
    vi.stubEnv("AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:1");
    for (let time = 0; time < 3; time++) expect(await traced("lost", {}, async () => 7)).toBe(7);
  });
});

it("calls of AWS are shown with what they were", async () => {
  sampled();
  const client = tracingCalls(
    new DynamoDBClient({
      endpoint: "http://127.0.0.1:1",
      region: "us-east-1",
      maxAttempts: 1,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    }),
  );
  const get = client.send(new GetItemCommand({ TableName: "images", Key: { PK: { S: "ann" } } }));
  await expect(get).rejects.toThrow();
  const [call] = await subsegments(1);
  expect(call).toMatchObject({
    name: "DynamoDB",
    namespace: "aws",
    aws: { operation: "GetItem", table_name: "images" },
    fault: true,
  });
  expect(JSON.stringify(call)).not.toContain('"ann"');
});

describe("a request's correlation id is in every trace that follows from it", () => {
  const annotated = { correlationId: "c-1", eventId: fact(1).detail.metadata.eventId };

  it("in that of the API", async () => {
    sampled();
    const route = defineRoute<undefined>()(
      createRoute({
        method: "get",
        path: "/v1/things",
        responses: {
          200: { description: "ok", content: { "application/json": { schema: z.unknown() } } },
        },
      }),
      async (c) => c.json({}, 200),
    );
    const { call } = testApi([route], undefined, { log: rememberingLog().log });
    await call("/v1/things", { headers: { "x-correlation-id": "c-1234567" }, userId: "ann" });
    const [request] = await subsegments(1);
    expect(request?.annotations).toEqual({ correlationId: "c-1234567", requestId: "request-1" });
    expect(JSON.stringify(request)).not.toContain('"ann"');
  });

  it("in that of the relay, for each event", async () => {
    sampled();
    const { log } = rememberingLog();
    const relay = createRelay({
      publisher: createPublisher(scriptedBus().client, "shoebox", log),
      toEvents: () => [fact(1), fact(2)],
      log,
    });
    await relay({ Records: [{ dynamodb: { SequenceNumber: "1" } } as DynamoDBRecord] });
    const all = await subsegments(2);
    expect(all.map(({ annotations }) => annotations)).toEqual([
      { ...annotated, eventType: "Counted" },
      { ...annotated, eventType: "Counted", eventId: fact(2).detail.metadata.eventId },
    ]);
  });

  it("in that of every consumer, for each message", async () => {
    sampled();
    const Counted = defineEvent({
      type: "Counted",
      producer: "upload",
      version: 1,
      data: z.object({ number: z.number() }),
    });
    const consume = createConsumer({
      log: rememberingLog().log,
      subscriptions: [
        on(Counted, async ({ data }) => {
          if (data.number === 2) throw new Error("no");
          await traced("inside", {}, async () => undefined);
        }),
      ],
    });
    const Records = [fact(1), fact(2)].map(({ source, detailType, detail }, index) => ({
      messageId: `m-${index}`,
      body: JSON.stringify({ id: "bus", source, "detail-type": detailType, time: "", detail }),
      attributes: { ApproximateReceiveCount: "1" },
    }));
    const answer = await consume({ Records } as SQSEvent);
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: "m-1" }]);
    const all = await subsegments(3);
    const one = all.find(({ annotations }) => annotations?.eventId === annotated.eventId);
    const other = all.find(({ fault }) => fault);
    expect(one).toMatchObject({ annotations: { ...annotated, eventType: "Counted" } });
    expect(all.find(({ name }) => name === "inside")?.parent_id).toBe(one?.id);
    expect(other).toMatchObject({ parent_id: SEGMENT, annotations: { correlationId: "c-1" } });
  });
});
