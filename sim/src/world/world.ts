import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createTable, type Table } from "../dynamodb/table.ts";
import { createEvents, type Events } from "../events/bus.ts";
import { putEvents } from "../events/put-events.ts";
import { createSchedules, type Schedules } from "../events/schedules.ts";
import { type ColdStart, createFunctions, type Functions } from "../lambda/functions.ts";
import { connectQueue } from "../lambda/queue-source.ts";
import { connectStream } from "../lambda/stream-source.ts";
import { type Bucket, createBucket } from "../s3/bucket.ts";
import { createSearchEngine, type SearchEngine } from "../search/engine.ts";
import { catalogFunctions } from "../services/catalog.ts";
import { processingFunctions } from "../services/processing.ts";
import { searchFunctions } from "../services/search.ts";
import type { Surroundings } from "../services/surroundings.ts";
import { uploadFunctions } from "../services/upload.ts";
import { createQueue, type Queue } from "../sqs/queue.ts";
import { installAmbient, pauseOf } from "./ambient.ts";
import { createAwsWire } from "./aws-wire.ts";
import type { Declared } from "./declared.ts";
import { createExchange } from "./exchange.ts";
import { type CrashAt, createFaults, type FaultRates, type Faults } from "./faults.ts";
import { clockOf } from "./invocation.ts";
import { memo } from "./memo.ts";
import type { Mutation } from "./mutation.ts";
import { createRandom, type Random } from "./random.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";
import { createSearchClient } from "./search-wire.ts";
import { createTrace, type Trace } from "./trace.ts";

/** Everything there is: the stores, what connects them, the four services, the clock and chance. */
export interface World {
  scheduler: Scheduler;
  random: Random;
  faults: Faults;
  trace: Trace;
  functions: Functions;
  schedules: Schedules;
  events: Events;
  search: SearchEngine;
  declared: Declared;
  /** What services are built over; those who talk through them need the world to go on. */
  clients: Surroundings;
  table(service: string): Table;
  tableNamed(name: string): Table;
  bucket(name: "originals" | "processed"): Bucket;
  bucketNamed(name: string): Bucket;
  queue(name: string): Queue;
  queues: Queue[];
  /** Gives the process its own time and chance back. */
  close(): void;
}

const START = Date.parse("2026-11-22T12:00:00.000Z");

/** Builds a world from what the programs declare. One at a time: it takes over the process's clock and chance. */
export function createWorld(
  given: Declared,
  options: { seed: string; faults: FaultRates; crashAt?: CrashAt; mutation?: Mutation },
): World {
  const mutation = options.mutation ?? {};
  const random = createRandom(options.seed);
  const scheduler = createScheduler(START);
  const restore = installAmbient(scheduler, random.fork("process"));
  const trace = createTrace(scheduler.now);
  const say = trace.add;
  const faults = createFaults(options, random.fork("faults"), scheduler);
  const ids = random.fork("ids");
  const id = () => idOf(ids);

  const queues = new Map<string, Queue>();
  const queue = (arn: string) => found(queues.get(arn), `queue ${arn}`);
  for (const spec of given.queues) {
    const deadLetters = () =>
      spec.deadLetterArn === undefined ? undefined : queue(spec.deadLetterArn);
    const own = { scheduler, random: random.fork(spec.name), id, deadLetters, say };
    queues.set(spec.arn, createQueue(spec, own));
  }
  const rules = given.rules.map((rule) => mutation.rule?.(rule) ?? rule);
  const events = createEvents(
    { rules, archives: given.archives },
    { scheduler, random: random.fork("bus"), faults, id, queue, say },
  );
  const tables = new Map(
    given.tables.map((spec) => [
      spec.name,
      createTable(spec, { scheduler, random: random.fork(spec.name) }),
    ]),
  );
  const buckets = new Map(
    given.buckets.map((spec) => [
      spec.name,
      createBucketOf(spec, { scheduler, id, events, faults }),
    ]),
  );
  const search = createSearchEngine(scheduler.now);
  const exchange = createExchange({ scheduler, faults, say });
  const wire = createAwsWire(
    {
      dynamodb: {
        tables: (name) => found(tables.get(name), `table ${name}`),
        tokens: new Map(),
        now: scheduler.now,
      },
      bucket: (name) => buckets.get(name),
      queueByUrl: (url) =>
        found(
          [...queues.values()].find(({ spec }) => spec.url === url),
          `queue ${url}`,
        ),
      queueByName: (name) =>
        found(
          [...queues.values()].find(({ spec }) => spec.name === name),
          `queue ${name}`,
        ),
      events: events.act,
      invalidate: (paths) => say(`the CDN forgets ${paths.join(" ")}`),
      putEvents: (request) => putEvents(request, events, faults),
      id,
      now: scheduler.now,
    },
    { exchange, faults, mutation },
  );

  const client = {
    region: "us-east-1",
    credentials: { accessKeyId: "AKIASIMULATION", secretAccessKey: "simulation" },
    requestHandler: wire as never,
    // Signing takes most of a call's time and changes nothing here.
    signer: { sign: async (request: never) => request },
  };
  const surroundings: Surroundings = {
    documents: DynamoDBDocumentClient.from(
      new DynamoDBClient({ ...client, endpoint: "http://dynamodb.sim" }),
      { marshallOptions: { removeUndefinedValues: true } },
    ),
    s3: new S3Client({ ...client, endpoint: "http://s3.sim", forcePathStyle: true } as never),
    events: new EventBridgeClient({ ...client, endpoint: "http://events.sim" } as never),
    sqs: new SQSClient({ ...client, endpoint: "http://sqs.sim", useQueueUrlAsEndpoint: false }),
    search: createSearchClient(search, { exchange, faults, mutation }),
    cloudfront: new CloudFrontClient({ ...client, endpoint: "http://cdn.sim" } as never),
    now: clockOf(scheduler),
    pause: (ms) => pauseOf(scheduler, ms),
    environment: memo((service) =>
      Object.assign(
        {},
        ...given.functions
          .filter((spec) => spec.service === service)
          .map((spec) => spec.environment),
      ),
    ),
  };
  const coldStarts = new Map<string, ColdStart>(
    Object.entries({
      upload: uploadFunctions(surroundings),
      catalog: catalogFunctions(surroundings),
      processing: processingFunctions(surroundings),
      search: searchFunctions(surroundings),
    }).flatMap(([service, functions]) =>
      Object.entries(functions).map(([name, start]) => [`${service}/${name}`, start] as const),
    ),
  );
  const unknown = given.functions
    .filter(({ name }) => name !== "authorizer")
    .map(({ service, name }) => `${service}/${name}`)
    .filter((name) => !coldStarts.has(name));
  if (unknown.length > 0) {
    throw new Error(`The programs declare functions that the simulation does not run: ${unknown}.`);
  }
  const functions = createFunctions(given.functions, coldStarts, {
    scheduler,
    faults,
    mutation,
    say,
  });
  const lambda = { scheduler, random: random.fork("lambda"), faults, functions, queue, say };
  for (const source of given.queueSources) connectQueue(source, lambda);
  for (const source of given.streamSources) {
    const table = [...tables.values()].find(({ stream }) => stream.arn === source.streamArn);
    connectStream(source, found(table, source.streamArn).stream, lambda);
  }

  const environmentOf = (service: string, name: string) =>
    found(surroundings.environment(service)[name], `${name} of ${service}`);
  const tableNames: Record<string, string> = {
    upload: "UPLOADS_TABLE",
    catalog: "IMAGES_TABLE",
    processing: "JOBS_TABLE",
    search: "REBUILDS_TABLE",
  };
  return {
    scheduler,
    random,
    faults,
    trace,
    functions,
    schedules: createSchedules(rules, { scheduler, queue, id }),
    events,
    search,
    declared: given,
    clients: surroundings,
    table: (service) =>
      found(tables.get(environmentOf(service, tableNames[service] ?? "")), `table of ${service}`),
    bucketNamed: (name) => found(buckets.get(name), `bucket ${name}`),
    tableNamed: (name) => found(tables.get(name), `table ${name}`),
    bucket: (name) =>
      found(
        buckets.get(environmentOf("processing", `${name.toUpperCase()}_BUCKET`)),
        `bucket ${name}`,
      ),
    queue: (name) =>
      found(
        [...queues.values()].find(({ spec }) => spec.name.endsWith(name)),
        `queue ${name}`,
      ),
    queues: [...queues.values()],
    close() {
      search.close();
      restore();
    },
  };
}

function createBucketOf(
  spec: Declared["buckets"][number],
  world: { scheduler: Scheduler; id: () => string; events: Events; faults: Faults },
): Bucket {
  const { scheduler, id, events, faults } = world;
  let created = 0;
  const bucket = createBucket(spec, {
    id,
    now: scheduler.now,
    created({ key, version, reason }) {
      if (!spec.tellsEvents) return;
      created += 1;
      const detail = {
        version: "0",
        bucket: { name: spec.name },
        object: {
          key,
          size: version.bytes?.length ?? 0,
          etag: version.etag,
          "version-id": version.versionId,
          sequencer: String(created).padStart(16, "0"),
        },
        reason,
      };
      const tell = () =>
        events.put({ bus: "default", source: "aws.s3", detailType: "Object Created", detail });
      scheduler.after(faults.delay(), () => {
        tell();
        if (faults.isTwice()) scheduler.after(faults.delay(), tell);
      });
    },
  });
  endAbandonedUploads(bucket, scheduler);
  return bucket;
}

/** The lifecycle looks once a day, and counts from the midnight after the upload began. */
function endAbandonedUploads(bucket: Bucket, scheduler: Scheduler): void {
  const days = bucket.spec.abortMultipartAfter;
  if (days === undefined) return;
  const look = () => {
    for (const { uploadId, begun } of bucket.uploads.values()) {
      const end = (Math.ceil(begun / 86_400_000) + days) * 86_400_000;
      if (scheduler.now() >= end) bucket.uploads.delete(uploadId);
    }
    scheduler.after(86_400_000, look, { background: true });
  };
  scheduler.after(86_400_000, look, { background: true });
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The programs declare no ${what}.`);
  return value;
}

/** Ids in the form of a UUID, which the trace knows to name. */
function idOf(random: Random): string {
  const hex = Array.from({ length: 32 }, () => random.int(16).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
