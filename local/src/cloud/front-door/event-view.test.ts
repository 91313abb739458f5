import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EventBridgeServer, startEventBridge } from "../../eventbridge/server.ts";
import { localGraph } from "../../graph/local-graph.ts";
import type { Resource } from "../../graph/resource.ts";
import { type LocalSqs, startSqs } from "../../sqs/start-sqs.ts";
import { loadKeys } from "../keys.ts";
import { sqsSender } from "../sqs-sender.ts";
import { startFrontDoor } from "./front-door.ts";
import { mapOf, type SystemMap } from "./system-map.ts";

const BUS = "shoebox-local-platform-events";
const INGEST = "shoebox-local-catalog-ingest";
const LETTERS = `${INGEST}-dlq`;
const arn = (queue: string) => `arn:aws:sqs:us-east-1:000000000000:${queue}`;
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

let folder: string;
let graph: Resource[];
let sqs: LocalSqs;
let events: EventBridgeServer;
let client: EventBridgeClient;
let front: { url: string; close(): Promise<void> };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "shoebox-event-view-"));
  const keys = loadKeys(folder);
  const at = "http://127.0.0.1:1";
  graph = await localGraph(
    { region: "us-east-1", accountId: "000000000000" },
    { front: at, sqs: at, cdn: at, search: at, keys: keys.cdn },
  );
  sqs = await startSqs({ dataDir: join(folder, "sqs") });
  events = await startEventBridge({ dataDir: join(folder, "events"), sqs: sqsSender(sqs) });
  client = new EventBridgeClient({ endpoint: events.url, region: "us-east-1", credentials });
  front = await startFrontDoor({
    port: 0,
    services: {},
    graph,
    keys,
    events,
    sqs,
    site: { missing: "no pages here" },
    origins: { front: at, cdn: at, objects: at },
    log: pino({ enabled: false }),
  });
  for (const QueueName of [INGEST, LETTERS]) {
    await sqs.client.send(new CreateQueueCommand({ QueueName }));
  }
  const { EventBusArn } = await client.send(new CreateEventBusCommand({ Name: BUS }));
  await client.send(new CreateArchiveCommand({ ArchiveName: "all", EventSourceArn: EventBusArn }));
  const rule = { Name: "ingest", EventBusName: BUS };
  const EventPattern = JSON.stringify({ "detail-type": ["Wanted"] });
  await client.send(new PutRuleCommand({ ...rule, EventPattern }));
  const Targets = [{ Id: "queue", Arn: arn(INGEST) }];
  await client.send(new PutTargetsCommand({ Rule: rule.Name, EventBusName: BUS, Targets }));
}, 60_000);
afterAll(async () => {
  await front?.close();
  client?.destroy();
  await events?.close();
  await sqs?.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (DetailType: string, detail: object) =>
  client.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: BUS, Source: "test", DetailType, Detail: JSON.stringify(detail) }],
    }),
  );

interface Told {
  id?: string;
  event: string;
  data: Record<string, unknown>;
}

/** Reads the stream until as many messages have come, and leaves. */
async function stream(query: string, count: number, meanwhile?: () => Promise<unknown>) {
  const leave = new AbortController();
  const response = await fetch(`${front.url}/dev/events${query}`, { signal: leave.signal });
  await meanwhile?.();
  const told: Told[] = [];
  let text = "";
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    const messages = (text + Buffer.from(chunk)).split("\n\n");
    text = messages.pop() ?? "";
    for (const message of messages) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(message)?.[1];
      const [event, data] = [field("event"), field("data")];
      if (event && data) told.push({ id: field("id"), event, data: JSON.parse(data) });
    }
    if (told.length >= count) break;
  }
  leave.abort();
  return told;
}

interface Answer {
  status?: number;
  items: Record<string, unknown>[];
  events: Record<string, unknown>[];
  deadLetters: unknown[];
}

const get = async <T = Answer>(path: string) => {
  const response = await fetch(`${front.url}${path}`);
  return { status: response.status, body: (await response.json()) as T };
};

describe("/dev/events", () => {
  it("tells which queues an event was sent to, and begins with what comes from now on", async () => {
    await put("Before", {});
    const told = await stream("", 2, async () => {
      await put("Wanted", { n: 1 });
      await put("Unwanted", { n: 2 });
    });
    expect(told.map(({ data }) => [data["detail-type"], data.bus, data.queues])).toEqual([
      ["Wanted", BUS, [INGEST]],
      ["Unwanted", BUS, []],
    ]);
  });

  it("goes on after the event that somebody has seen last, and of another start with all it has kept", async () => {
    const [first, second] = await stream("", 2, async () => {
      await put("First", {});
      await put("Second", {});
    });
    const rest = await stream(`?after=${first?.id}`, 2);
    expect(rest.map(({ event }) => event)).toEqual(["start", "bus"]);
    expect(rest[1]?.id).toBe(second?.id);
    expect(second?.id?.startsWith(`${rest[0]?.data.start}.`)).toBe(true);
    const all = await stream("?after=other.7", 2);
    expect(all[1]?.id).toBe(`${rest[0]?.data.start}.1`);
  });
});

describe("/dev/map", () => {
  it("is what the programs declare: who owns what, and who hears of what", async () => {
    const { body: map } = await get<SystemMap>("/dev/map");
    expect(map).toEqual(mapOf(graph));
    expect(map.buses).toContainEqual({ name: BUS, archiveDays: expect.any(Number) });
    expect(map.cdn.buckets.sort()).toEqual(["originals", "processed"]);
    const service = (name: string) => map.services.find((each) => each.name === name);
    expect(service("upload")).toMatchObject({
      path: "/v1/uploads",
      tables: expect.arrayContaining(["uploads"]),
      buckets: [{ name: "originals", tells: true }],
      publishes: expect.arrayContaining(["ImageUploaded", "OriginalDeleted"]),
      relay: { table: "uploads" },
    });
    expect(service("search")?.indexes).toEqual(["search"]);
    expect(service("catalog")?.queues.find(({ name }) => name === "ingest")).toMatchObject({
      queue: INGEST,
      bus: BUS,
      types: expect.arrayContaining(["ImageUploaded", "ImageProcessed"]),
      replayed: false,
      changes: ["images"],
      deadLetters: [LETTERS, `${INGEST}-undeliverable`],
    });
    expect(service("processing")?.queues.find(({ name }) => name === "worker")?.changes).toEqual(
      expect.arrayContaining(["jobs", "processed"]),
    );
  });

  it("has every rule of the programs, each once", () => {
    const drawn = mapOf(graph).services.flatMap(({ queues, schedules }) =>
      [...queues, ...schedules].map(({ queue }) => queue),
    );
    const declared = graph.filter(({ type }) => type === "aws:cloudwatch/eventTarget:EventTarget");
    const arns = declared.map(({ inputs }) => String(inputs.arn)).sort();
    expect(drawn.map(arn).sort()).toEqual(arns);
  });
});

describe("dead letters", () => {
  it("are shown with reason and origin, and nobody has received them", async () => {
    const text = (StringValue: string) => ({ DataType: "String", StringValue });
    const [QueueUrl, MessageBody] = [`${sqs.url}/000000000000/${LETTERS}`, '{"about":"poison-1"}'];
    const MessageAttributes = { reason: text("It can't be read."), queue: text(INGEST) };
    await sqs.client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
    const letter = {
      queue: LETTERS,
      service: "catalog",
      origin: INGEST,
      reason: "It can't be read.",
      body: MessageBody,
    };
    for (const path of ["/dev/dead-letters", `/dev/dead-letters?queue=${LETTERS}`]) {
      expect((await get(path)).body).toMatchObject({ items: [letter] });
    }
    const { body } = await get("/dev/queues");
    expect(body.items).toContainEqual({
      queue: LETTERS,
      service: "catalog",
      waiting: 1,
      inFlight: 0,
      deadLetters: true,
    });
    expect(sqs.look(arn(LETTERS), { most: 1 })[0]?.Attributes?.ApproximateReceiveCount).toBe("0");
    expect((await get("/dev/history/poison-1")).body.deadLetters).toMatchObject([letter]);
    expect((await get("/dev/history/poison-2")).body.deadLetters).toEqual([]);
  });
});

describe("/dev/history", () => {
  it("is what the archive has about an id, in order", async () => {
    await put("One", { metadata: { correlationId: "story-01" } });
    await put("Another", { metadata: { correlationId: "story-02" } });
    await put("Two", { metadata: { correlationId: "story-01" } });
    const { events: told } = (await get("/dev/history/story-01")).body;
    expect(told.map((event) => event["detail-type"])).toEqual(["One", "Two"]);
    expect(told[0]).toMatchObject({ bus: BUS, queues: [], at: expect.any(Number) });
  });

  it("has S3's own events too, which are in no archive", async () => {
    const detail = { object: { key: "a/story-03.jpg" } };
    await events.emit({ source: "aws.s3", detailType: "Object Created", detail });
    const { events: told } = (await get("/dev/history/story-03")).body;
    expect(told).toMatchObject([{ bus: "default", detail }]);
  });
});

it.each([
  ["/dev/map2", 404],
  ["/dev/dead-letters?queue=shoebox-local-catalog-ingest", 404],
  ["/dev/dead-letters?q=1", 400],
  ["/dev/queues?all=1", 400],
  ["/dev/events?since=1", 400],
  ["/dev/history/a%20b", 400],
  ["/dev/history/story-01?limit=1", 400],
  ["/dev/history/short", 400],
])("%s is refused: %i", async (path, status) => {
  const { status: answered, body } = await get(path);
  expect([answered, body.status]).toEqual([status, status]);
});
