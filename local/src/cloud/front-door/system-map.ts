import type { IncomingMessage, ServerResponse } from "node:http";
import type { Resource } from "../../graph/resource.ts";
import { Graph } from "../../graph/wiring/graph.ts";
import { sendJson } from "./respond.ts";

/** What the programs declare, as somebody would draw it. Names are the declared ones; queues go by their own, full names. */
export interface SystemMap {
  buses: { name: string; archiveDays?: number }[];
  services: ServiceOnMap[];
  /** The names of the buckets that the CDN serves from. */
  cdn: { buckets: string[] };
}

interface ServiceOnMap {
  name: string;
  /** The first part of its API's paths, and what its API is for. */
  path: string;
  does: string;
  tables: string[];
  /** `tells`: whether S3 tells the default bus of its objects. */
  buckets: { name: string; tells: boolean }[];
  indexes: string[];
  /** The types of events whose contracts it declares. */
  publishes: string[];
  /** The table whose changes it publishes, and the queue of what can't be. */
  relay?: { table: string; deadLetters: string };
  queues: QueueOnMap[];
  /** What is done by the clock, and the queues of it. */
  schedules: { name: string; when: string; queue: string; deadLetters: string[] }[];
}

/** A rule, its one target and who takes from it. */
interface QueueOnMap {
  name: string;
  queue: string;
  bus: string;
  sources: string[];
  types: string[];
  /** Whether it takes replayed events and no others. */
  replayed: boolean;
  /** Messages that its function takes at once, and attempts until one is a dead letter. */
  batch: number;
  attempts: number;
  deadLetters: string[];
  /** What its function may change. */
  changes: string[];
}

/** `GET /dev/map`: the services, what they own, and which event goes from whom to whom. All of it is read from the graph. */
export function systemMap(resources: Resource[]) {
  const map = mapOf(resources);
  return (_: IncomingMessage, response: ServerResponse) => sendJson(response, 200, map);
}

export function mapOf(resources: Resource[]): SystemMap {
  const graph = new Graph(resources);
  const owners = ownersOf(graph);
  return {
    buses: ["default", ...graph.ofType("aws:cloudwatch/eventBus:EventBus").map(nameOf)].map(
      (name) => ({ name, ...archiveOf(graph, name) }),
    ),
    services: graph.ofType("shoebox:index:RestApi").map((api) => serviceOf(graph, api, owners)),
    cdn: { buckets: [...servedBuckets(graph)] },
  };
}

type Owners = Map<string, { kind: "table" | "bucket" | "index"; name: string }>;

/** The stores, by their ARNs. */
function ownersOf(graph: Graph): Owners {
  const kinds = [
    ["aws:dynamodb/table:Table", "table"],
    ["aws:s3/bucket:Bucket", "bucket"],
    ["aws:opensearch/domain:Domain", "index"],
  ] as const;
  return new Map(
    kinds.flatMap(([type, kind]) =>
      graph.ofType(type).map(({ name, outputs }) => [String(outputs.arn), { kind, name }] as const),
    ),
  );
}

function serviceOf(graph: Graph, api: Resource, stores: Owners): ServiceOnMap {
  const own = graph.all.filter(({ program }) => program === api.program);
  const ofType = (type: string) => own.filter((resource) => resource.type === type);
  const document = api.inputs.document as {
    info: { description?: string };
    paths: Record<string, unknown>;
  };
  const rules = ofType("aws:cloudwatch/eventRule:EventRule");
  const used = ofType("aws:lambda/function:Function").flatMap((fn) => changesOf(graph, fn, stores));
  const telling = ofType("aws:s3/bucketNotification:BucketNotification")
    .filter(({ inputs }) => inputs.eventbridge === true)
    .map(({ inputs }) => inputs.bucket);
  return {
    name: api.program,
    path: (Object.keys(document.paths)[0] ?? "").split("/").slice(0, 3).join("/"),
    does: document.info.description ?? "",
    tables: ofType("aws:dynamodb/table:Table").map(({ name }) => name),
    buckets: ofType("aws:s3/bucket:Bucket").map(({ name, inputs }) => ({
      name,
      tells: telling.includes(inputs.bucket),
    })),
    indexes: [...new Set(used.filter(({ kind }) => kind === "index").map(({ name }) => name))],
    publishes: ofType("aws:schemas/schema:Schema").map(({ name }) => name.replace(/[.]v\d+$/, "")),
    ...relayOf(graph, own),
    queues: rules.flatMap((rule) => (rule.inputs.eventPattern ? queueOf(graph, rule, stores) : [])),
    schedules: rules.flatMap((rule) =>
      rule.inputs.scheduleExpression ? scheduleOf(graph, rule) : [],
    ),
  };
}

function queueOf(graph: Graph, rule: Resource, stores: Owners): QueueOnMap[] {
  const found = targetOf(graph, rule);
  if (!found) return [];
  const pattern = JSON.parse(String(rule.inputs.eventPattern)) as {
    source?: string[];
    "detail-type"?: string[];
    "replay-name"?: { exists: boolean }[];
  };
  const { queue, mapping } = found;
  const fn = graph.functionByArn(mapping?.inputs.functionName);
  return [
    {
      name: rule.name,
      queue: nameOf(queue),
      bus: String(rule.inputs.eventBusName),
      sources: pattern.source ?? [],
      types: pattern["detail-type"] ?? [],
      replayed: pattern["replay-name"]?.[0]?.exists === true,
      batch: Number(mapping?.inputs.batchSize ?? 0),
      attempts: redriveOf(queue).maxReceiveCount ?? 0,
      deadLetters: deadLettersOf(graph, rule),
      changes: [...new Set((fn ? changesOf(graph, fn, stores) : []).map(({ name }) => name))],
    },
  ];
}

function scheduleOf(graph: Graph, rule: Resource): ServiceOnMap["schedules"] {
  const found = targetOf(graph, rule);
  if (!found) return [];
  return [
    {
      name: rule.name,
      when: String(rule.inputs.scheduleExpression),
      queue: nameOf(found.queue),
      deadLetters: deadLettersOf(graph, rule),
    },
  ];
}

function targetOf(graph: Graph, rule: Resource) {
  const target = graph
    .ofType("aws:cloudwatch/eventTarget:EventTarget")
    .find(({ inputs }) => inputs.rule === rule.inputs.name);
  const queue = queueByArn(graph, target?.inputs.arn);
  if (!target || !queue) return undefined;
  const arn = queue.outputs.arn;
  const mapping = graph.mappings().find(({ inputs }) => inputs.eventSourceArn === arn);
  return { target, queue, mapping };
}

/** Where events go that the rule can't deliver, and messages that its consumer gives up. */
function deadLettersOf(graph: Graph, rule: Resource): string[] {
  const found = targetOf(graph, rule);
  const undeliverable = found?.target.inputs.deadLetterConfig as { arn?: string } | undefined;
  return [found && redriveOf(found.queue).deadLetterTargetArn, undeliverable?.arn].flatMap(
    (arn) => queueByArn(graph, arn)?.inputs.name ?? [],
  ) as string[];
}

function relayOf(graph: Graph, own: Resource[]): Pick<ServiceOnMap, "relay"> {
  for (const { inputs } of own.filter((resource) => graph.mappings().includes(resource))) {
    const arn = String(inputs.eventSourceArn).replace(/\/stream\/.*$/, "");
    const table = graph
      .ofType("aws:dynamodb/table:Table")
      .find(({ outputs }) => outputs.arn === arn);
    const destination = inputs.destinationConfig as
      | { onFailure?: { destinationArn: string } }
      | undefined;
    const failed = queueByArn(graph, destination?.onFailure?.destinationArn);
    if (table && failed) return { relay: { table: table.name, deadLetters: nameOf(failed) } };
  }
  return {};
}

const CHANGES = /^(dynamodb:(Put|Update|Delete|BatchWrite)|s3:(Put|Delete)|es:ESHttp(Post|Put))/;

/** The stores that a function's role lets it change. */
function changesOf(graph: Graph, fn: Resource, stores: Owners) {
  return [...stores].flatMap(([arn, store]) =>
    graph
      .statementsOf(fn)
      .some(
        (statement) =>
          statement.Action.some((action) => CHANGES.test(action)) &&
          statement.Resource.some((resource) => resource.replace(/\/[*]$/, "") === arn),
      )
      ? [store]
      : [],
  );
}

function servedBuckets(graph: Graph): Set<string> {
  const origins = graph
    .ofType("aws:cloudfront/distribution:Distribution")
    .flatMap(({ inputs }) => inputs.origins as { domainName: string }[]);
  return new Set(
    graph
      .ofType("aws:s3/bucket:Bucket")
      .filter(({ inputs }) => origins.some((o) => o.domainName.startsWith(`${inputs.bucket}.`)))
      .map(({ name }) => name),
  );
}

function archiveOf(graph: Graph, bus: string): { archiveDays?: number } {
  const archive = graph
    .ofType("aws:cloudwatch/eventArchive:EventArchive")
    .find(({ inputs }) => String(inputs.eventSourceArn).endsWith(`/${bus}`));
  return archive ? { archiveDays: Number(archive.inputs.retentionDays) } : {};
}

function queueByArn(graph: Graph, arn: unknown): Resource | undefined {
  return graph.ofType("aws:sqs/queue:Queue").find(({ outputs }) => outputs.arn === arn);
}

function redriveOf(queue: Resource): { deadLetterTargetArn?: string; maxReceiveCount?: number } {
  return JSON.parse(String(queue.inputs.redrivePolicy ?? "{}"));
}

function nameOf(resource: Resource): string {
  return String(resource.inputs.name);
}
