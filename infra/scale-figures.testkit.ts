import { SHARDS as CATALOG_SHARDS } from "@shoebox/catalog/domain/image-record";
import type { Resource } from "@shoebox/local/graph/resource";
import { presets } from "@shoebox/processing/domain/presets";
import { ImageCataloged, ImageUpdated } from "@shoebox/shared/events/catalog";
import type { RulePattern } from "@shoebox/shared/events/define";
import { ImageProcessed } from "@shoebox/shared/events/processing";
import { ImageUploaded } from "@shoebox/shared/events/upload";
import { SHARDS as UPLOAD_SHARDS } from "@shoebox/upload/adapters/session-item";

/**
 * The arithmetic of docs/scale.md and of the costs in docs/deploy.md: what the programs declare for
 * production and what the code says, multiplied out. A test holds the pages to it.
 */

/** What is asked for, and the picture that is reckoned with (the requirements' own example). */
const UPLOADS_A_SECOND = 1_000;
const ORIGINAL_BYTES = 4_500_000;
const RENDITION_BYTES = 360_000;

/** Milliseconds that a call with a full batch takes. Assumed, except the worker's: nine 12-megapixel pictures a second were measured on two cores. */
const BATCH_MS: Record<string, number> = {
  "object-created": 150,
  "object-scanned": 60,
  "processing-ended": 25,
  ingest: 30,
  worker: 225,
  projector: 60,
};

/** What DynamoDB writes for one upload with two tags, in units of 1 KB; counted in the code (docs/scale.md says how). */
const WRITES = {
  uploads: { table: 6, index: 4 },
  images: { table: 9, index: 3 },
  jobs: { table: 3, index: 1 },
  rates: { table: 1, index: 0 },
};

/** A partition of a table or an index takes so many units a second (DynamoDB Developer Guide, "Partition key design"). */
const PARTITION_WRITES = 1_000;

/** A picture's way: every event that it causes, in order, as rules see it. */
const LIFE = [
  { source: "aws.s3", type: "Object Created" },
  { source: "aws.guardduty", type: "GuardDuty Malware Protection Object Scan Result" },
  ImageUploaded,
  ImageProcessed,
  ImageCataloged,
  ImageUpdated,
];
const OWN_EVENTS = LIFE.filter(({ source }) => source.startsWith("shoebox.")).length;

interface Consumer {
  name: string;
  messages: number;
  batch: number;
  concurrency: number;
}

/** The consumers that an upload's events reach, and how many messages of one upload each. */
function consumersOf(graph: Resource[]): Consumer[] {
  const rules = graph.filter(({ type }) => type === "aws:cloudwatch/eventRule:EventRule");
  return rules.flatMap(({ program, name, inputs }) => {
    if (inputs.eventPattern === undefined) return [];
    const pattern = JSON.parse(String(inputs.eventPattern)) as RulePattern;
    if (pattern["replay-name"]?.[0]?.exists) return [];
    const messages = LIFE.filter(
      ({ source, type }) =>
        pattern.source.includes(source) && pattern["detail-type"].includes(type),
    ).length;
    if (messages === 0) return [];
    const mapping = graph.find(
      (one) =>
        one.type === "aws:lambda/eventSourceMapping:EventSourceMapping" &&
        one.program === program &&
        one.name === name,
    );
    const scaling = mapping?.inputs.scalingConfig as { maximumConcurrency: number };
    return [
      {
        name,
        messages,
        batch: Number(mapping?.inputs.batchSize),
        concurrency: scaling.maximumConcurrency,
      },
    ];
  });
}

const figure = (value: number) => Math.round(value).toLocaleString("en-US");
const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);

/** How many uploads a second each consumer, as it is declared, keeps up with. */
export function consumerTable(graph: Resource[]): string[] {
  const rows = consumersOf(graph).map(({ name, messages, batch, concurrency }) => {
    const ms = BATCH_MS[name];
    if (ms === undefined) throw new Error(`Nobody has said how long ${name} takes.`);
    const perUpload = ((messages / batch) * ms) / 1_000;
    return [
      `\`${name}\``,
      figure(messages * UPLOADS_A_SECOND),
      `${batch} in ${ms} ms`,
      figure(Math.ceil(perUpload * UPLOADS_A_SECOND)),
      figure(concurrency),
      figure(concurrency / perUpload),
    ];
  });
  return table(
    ["consumer", "messages/s", "a call", "calls at a time needed", "declared", "holds uploads/s"],
    rows,
  );
}

/** Index keys that all users' uploads write to: how busy each is, and when it is full. */
export function indexTable(): string[] {
  const rows = [
    ["`uploads` openSessions, awaited", 2, UPLOAD_SHARDS],
    ["`uploads` openSessions, unprocessed", 2, UPLOAD_SHARDS],
    ["`images` byUploadDate, of one day", 1, CATALOG_SHARDS],
  ] as const;
  return table(
    [
      "index",
      "writes an upload",
      "keys",
      "units/s of each at 1,000 uploads/s",
      "full at uploads/s",
    ],
    rows.map(([name, writes, keys]) => [
      name,
      String(writes),
      String(keys),
      ((writes * UPLOADS_A_SECOND) / keys).toFixed(1),
      figure((PARTITION_WRITES * keys) / writes),
    ]),
  );
}

/** What the services' quotas have to be at the asked rate. */
export function quotaTable(graph: Resource[]): string[] {
  const consumers = consumersOf(graph);
  const matches = consumers.reduce((sum, { messages }) => sum + messages, 0);
  const renditions = presets.default.renditions.length;
  const writes = Object.values(WRITES).reduce(
    (sum, { table: base, index }) => sum + base + index,
    0,
  );
  const calls = consumers.reduce(
    (sum, { name, messages, batch }) =>
      sum + Math.ceil(((messages / batch) * UPLOADS_A_SECOND * (BATCH_MS[name] ?? 0)) / 1_000),
    0,
  );
  return table(
    ["what", "an upload", "at 1,000 uploads/s", "quota in us-east-1", "source of the quota"],
    [
      [
        "EventBridge, events put",
        String(OWN_EVENTS),
        figure(OWN_EVENTS * UPLOADS_A_SECOND),
        "10,000/s, can be raised",
        "EventBridge quotas",
      ],
      [
        "EventBridge, matches of rules",
        String(matches),
        figure(matches * UPLOADS_A_SECOND),
        "18,750/s, can be raised",
        "EventBridge quotas",
      ],
      [
        "SQS, messages",
        String(matches),
        figure(matches * UPLOADS_A_SECOND),
        "none for standard queues",
        "SQS quotas",
      ],
      [
        "DynamoDB, write units of all tables",
        String(writes),
        figure(writes * UPLOADS_A_SECOND),
        "40,000/s a table, can be raised",
        "DynamoDB quotas",
      ],
      [
        "S3, puts of originals",
        "1",
        figure(UPLOADS_A_SECOND),
        "3,500/s a prefix",
        "S3 performance guidelines",
      ],
      [
        "S3, puts of renditions",
        String(renditions),
        figure(renditions * UPLOADS_A_SECOND),
        "3,500/s a prefix",
        "S3 performance guidelines",
      ],
      [
        "Lambda, consumers at a time",
        "",
        figure(calls),
        "1,000 an account, can be raised",
        "Lambda quotas",
      ],
    ],
  );
}

/** What a million pictures cost once, and each month. USD, list prices of us-east-1. */
export function costTable(graph: Resource[]): string[] {
  const consumers = consumersOf(graph);
  const matches = consumers.reduce((sum, { messages }) => sum + messages, 0);
  const renditions = presets.default.renditions.length;
  const units = Object.values(WRITES).reduce(
    (sum, { table: base, index }) => sum + base + index,
    0,
  );
  const gb = (bytes: number) => (bytes * 1e6) / 1e9;
  const seconds = (ms: number, messages: number, batch: number) =>
    (messages / batch) * (ms / 1_000);
  const workerGbs = workerGb(graph) * seconds(BATCH_MS.worker ?? 0, 1, 2);
  const otherGbs = consumers
    .filter(({ name }) => name !== "worker")
    .reduce(
      (sum, { name, messages, batch }) =>
        sum + 0.75 * seconds(BATCH_MS[name] ?? 0, messages, batch),
      0,
    );
  const invocations =
    2 + consumers.reduce((sum, { messages, batch }) => sum + messages / batch, 0) + 4 * 0.1;
  const rows: [what: string, how: string, usd: number][] = [
    ["API Gateway", "1 request × 3.50 a million", 3.5],
    ["WAF", "1 request × 0.60 a million", 0.6],
    ["Lambda, calls", `${invocations.toFixed(1)} × 0.20 a million`, invocations * 0.2],
    [
      "Lambda, worker",
      `${workerGbs.toFixed(2)} GB·s × 13.33 a million (arm64)`,
      workerGbs * 13.3334,
    ],
    ["Lambda, the rest", `${(otherGbs + 0.03).toFixed(2)} GB·s`, (otherGbs + 0.03) * 13.3334],
    ["DynamoDB, writes", `${units} units × 0.625 a million`, units * 0.625],
    ["DynamoDB, reads", "4 units × 0.125 a million", 0.5],
    ["EventBridge", `${OWN_EVENTS} events × 1.00 a million; those of AWS are free`, OWN_EVENTS],
    ["SQS", `${matches} messages × 3 requests × 0.40 a million, before batching`, matches * 1.2],
    ["S3, puts", `${renditions + 1} × 5.00 a million`, (renditions + 1) * 5],
    ["S3, gets", "3 × 0.40 a million", 1.2],
    [
      "GuardDuty, scan",
      `${figure(gb(ORIGINAL_BYTES))} GB × 0.09 + 1,000 × 0.215`,
      gb(ORIGINAL_BYTES) * 0.09 + 215,
    ],
    ["CloudWatch, logs and metrics", "12 KB × 0.50 a GB", gb(12_000) * 0.5],
  ];
  const once = rows.reduce((sum, [, , usd]) => sum + usd, 0);
  const monthly: [string, string, number][] = [
    [
      "S3, originals, Standard",
      `${figure(gb(ORIGINAL_BYTES))} GB × 0.023`,
      gb(ORIGINAL_BYTES) * 0.023,
    ],
    [
      "S3, originals, Glacier Instant Retrieval from day 90",
      `${figure(gb(ORIGINAL_BYTES))} GB × 0.004`,
      gb(ORIGINAL_BYTES) * 0.004,
    ],
    ["S3, renditions", `${figure(gb(RENDITION_BYTES))} GB × 0.023`, gb(RENDITION_BYTES) * 0.023],
    ["DynamoDB, items and copies for recovery", "5 GB × (0.25 + 0.20)", 2.25],
  ];
  const line = ([what, how, usd]: [string, string, number]) => [what, how, usd.toFixed(2)];
  return table(
    ["a million uploads", "how", "USD"],
    [
      ...rows.map(line),
      ["**once, together**", "", `**${once.toFixed(2)}**`],
      ["without the scan", "", (once - (gb(ORIGINAL_BYTES) * 0.09 + 215)).toFixed(2)],
      ...monthly.map(([what, how, usd]) => line([`${what}, a month`, how, usd])),
    ],
  );
}

function workerGb(graph: Resource[]): number {
  const worker = graph.find(
    ({ type, program, name }) =>
      type === "aws:lambda/function:Function" && program === "processing" && name === "worker",
  );
  return Number(worker?.inputs.memorySize) / 1_024;
}
