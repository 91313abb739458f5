import { readdirSync, readFileSync } from "node:fs";
import { indexes as imagesIndexes } from "@shoebox/catalog/adapters/images-table";
import { document as catalogDocument } from "@shoebox/catalog/api/openapi";
import { snapshotSubscriptions } from "@shoebox/catalog/consumers/snapshot";
import { subscriptions } from "@shoebox/catalog/consumers/subscriptions";
import { compilePattern } from "@shoebox/local/eventbridge/pattern";
import { cachedGraph } from "@shoebox/local/graph/cached-graph";
import { awsWorld, type Resource } from "@shoebox/local/graph/resource";
import { indexes as jobsIndexes } from "@shoebox/processing/adapters/jobs-table";
import { document as processingDocument } from "@shoebox/processing/api/openapi";
import { indexes as rebuildsIndexes } from "@shoebox/search/adapters/jobs-table";
import { document as searchDocument } from "@shoebox/search/api/openapi";
import { allEvents } from "@shoebox/shared/events/all";
import { registrySchemas } from "@shoebox/shared/events/contracts";
import type { ServiceName } from "@shoebox/shared/events/define";
import { MAX_UPLOAD_BYTES } from "@shoebox/shared/image";
import {
  deadLetterQueueOf,
  MAX_RECEIVES,
  MOST_RECEIVES,
} from "@shoebox/shared/messaging/work-queue";
import { indexes as uploadsIndexes } from "@shoebox/upload/adapters/sessions-table";
import { document as uploadDocument } from "@shoebox/upload/api/openapi";
import { beforeAll, describe, expect, it } from "vitest";

/** The queues whose consumers know poison by its reason: they wait for OpenSearch as long as it takes. */
const outlastOutages = new Set([
  "search/projector",
  "search/rebuild-projector",
  "search/rebuild-pages",
]);

/** Published for whoever wants to know; no service of ours reads it. */
const forOthers = ["UploadRejected"];

type BusEvent = { source: string; "detail-type": string; detail: unknown };

/** The samples that every version of the code must be able to read. */
function frozenEvents(): BusEvent[] {
  const folder = new URL("../shared/src/events/samples/", import.meta.url);
  return readdirSync(folder).flatMap((file) =>
    Object.values<BusEvent>(JSON.parse(readFileSync(new URL(file, folder), "utf8"))),
  );
}

/** What AWS says on its own bus, as its documentation shows it, of our bucket. */
function awsEvents(bucket: string): BusEvent[] {
  const folder = new URL("../shared/src/events/aws-samples/", import.meta.url);
  return readdirSync(folder).flatMap((file) => {
    const text = readFileSync(new URL(file, folder), "utf8");
    return Object.values<BusEvent>(
      JSON.parse(text.replaceAll(/"(name|bucketName)": "originals"/g, `"$1": "${bucket}"`)),
    );
  });
}

const graphs: Record<string, Resource[]> = {};
beforeAll(async () => {
  for (const stack of ["dev", "prod"]) {
    graphs[stack] = await cachedGraph({ stack, config: {}, world: awsWorld });
  }
  // Far above what it takes: each evaluation is a process that loads Pulumi.
}, 240_000);

function find(type: string, name: string, program: string, stack = "dev"): Resource {
  const found = graphs[stack]?.find(
    (r) => r.type === type && r.name === name && r.program === program,
  );
  if (!found) throw new Error(`${program} declares no ${type} ${name}`);
  return found;
}

function all(type: string): Resource[] {
  return (graphs.dev ?? []).filter((resource) => resource.type === type);
}

/** The routes of Uppy's endpoint: their address is the secret. */
const UPPYS = /^[/]v1[/]uploads[/]uppy[/][{]endpoint[}]/;

interface GatewayBody {
  paths: Record<string, Record<string, { security: object[] }>>;
  components: { securitySchemes: Record<string, object> };
}

const gatewayBody = ({ inputs }: Resource): GatewayBody => JSON.parse(String(inputs.body));

describe("the programs", () => {
  it.each([
    ["upload", "uploads", uploadsIndexes],
    ["catalog", "images", imagesIndexes],
    ["processing", "jobs", jobsIndexes],
    ["search", "rebuilds", rebuildsIndexes],
  ] as const)(
    "of %s declares every index that its code uses, and no other",
    (program, name, used) => {
      const { inputs } = find("aws:dynamodb/table:Table", name, program);
      const declared = (inputs.globalSecondaryIndexes ?? []) as { name: string }[];
      expect(declared.map((index) => index.name).sort()).toEqual([...used].sort());
    },
  );

  it("give each environment's users a quota", () => {
    for (const stack of ["dev", "prod"]) {
      const fn = find("aws:lambda/function:Function", "api", "upload", stack);
      const { variables } = fn.inputs.environment as { variables: Record<string, string> };
      expect(Number(variables.QUOTA_BYTES)).toBeGreaterThan(MAX_UPLOAD_BYTES);
      expect(Number(variables.QUOTA_IMAGES)).toBeGreaterThan(100);
    }
  });

  it.each([
    ["ingest", subscriptions],
    ["snapshot", snapshotSubscriptions],
  ])(
    "let the catalog's rule of %s match exactly the events that its code handles, and no replay",
    (name, handlers) => {
      const rule = find("aws:cloudwatch/eventRule:EventRule", name, "catalog");
      const pattern = JSON.parse(String(rule.inputs.eventPattern));
      const handled = handlers({} as never).map(({ event }) => event);
      expect(pattern["detail-type"].sort()).toEqual(handled.map((event) => event.type).sort());
      expect(pattern.source.sort()).toEqual(
        [...new Set(handled.map((event) => event.source))].sort(),
      );
      expect(pattern["replay-name"]).toEqual([{ exists: false }]);
    },
  );

  it("let all segments of a snapshot go on at the same time", () => {
    for (const stack of ["dev", "prod"]) {
      const fn = find("aws:lambda/function:Function", "snapshot", "catalog", stack);
      const { variables } = fn.inputs.environment as { variables: Record<string, string> };
      const source = find(
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        "snapshot",
        "catalog",
        stack,
      );
      const { maximumConcurrency } = source.inputs.scalingConfig as { maximumConcurrency: number };
      expect(maximumConcurrency).toBeGreaterThanOrEqual(Number(variables.SNAPSHOT_SEGMENTS));
    }
  });

  it("archive everything that happens, and no snapshot", () => {
    const archive = find("aws:cloudwatch/eventArchive:EventArchive", "events", "platform");
    const archived = compilePattern(JSON.parse(String(archive.inputs.eventPattern)));
    for (const event of allEvents) {
      const happened = { source: event.source, "detail-type": event.type, detail: {} };
      expect([event.type, archived(happened)]).toEqual([
        event.type,
        !event.type.startsWith("CatalogSnapshot"),
      ]);
      expect(archived({ ...happened, "replay-name": "r" })).toBe(false);
    }
  });

  it("have for each of their rules an event that it takes, and for each event a rule or the word that it is for others", () => {
    const rules = all("aws:cloudwatch/eventRule:EventRule").filter(
      ({ inputs }) => inputs.eventPattern !== undefined,
    );
    const matching = rules.map((rule) => ({
      rule: `${rule.program}/${rule.name}`,
      bus: rule.inputs.eventBusName,
      matches: compilePattern(JSON.parse(String(rule.inputs.eventPattern))),
    }));
    const ours = all("aws:cloudwatch/eventBus:EventBus")[0]?.inputs.name;
    const [originals] = all("aws:s3/bucketNotification:BucketNotification");
    const happened = [
      ...frozenEvents().flatMap((event) => [
        { bus: ours, event },
        { bus: ours, event: { ...event, "replay-name": "rebuild-1" } },
      ]),
      ...awsEvents(String(originals?.inputs.bucket)).map((event) => ({ bus: "default", event })),
    ];
    const taken = new Map(
      matching.map(({ rule, bus, matches }) => [
        rule,
        happened.filter((one) => one.bus === bus && matches(one.event)).map(({ event }) => event),
      ]),
    );
    expect([...taken].filter(([, events]) => events.length === 0)).toEqual([]);
    const read = new Set([...taken.values()].flat().map((event) => event["detail-type"]));
    const unread = allEvents.map((event) => event.type).filter((type) => !read.has(type));
    expect(unread).toEqual(forOthers);
  });

  it("publish the contract of every event and version, each with the service that publishes the event", () => {
    const [registry] = all("aws:schemas/registry:Registry");
    const schemas = all("aws:schemas/schema:Schema");
    expect(schemas.map(({ inputs }) => inputs.name).sort()).toEqual(
      allEvents.map((event) => `${event.source}@${event.type}.v${event.version}`).sort(),
    );
    for (const { inputs, program } of schemas) {
      expect(inputs).toMatchObject({
        registryName: registry?.inputs.name,
        type: "JSONSchemaDraft4",
      });
      expect(inputs.name).toMatch(new RegExp(`^shoebox[.]${program}@[\\w.@-]{1,200}$`));
      const published = registrySchemas(program as ServiceName).find(
        (contract) => contract.name === inputs.name,
      );
      expect(inputs.content).toBe(JSON.stringify(published?.schema));
    }
  });

  it("make a REST API of each service's own routes: operators' behind IAM, all others behind the authorizer, preflights apart", () => {
    const documents = {
      upload: uploadDocument(),
      catalog: catalogDocument(),
      processing: processingDocument(),
      search: searchDocument(),
    };
    for (const [program, { paths: routes = {} }] of Object.entries(documents)) {
      const body = gatewayBody(find("aws:apigateway/restApi:RestApi", "api", program));
      expect(Object.keys(body.paths).sort()).toEqual(Object.keys(routes).sort());
      for (const [path, item] of Object.entries(body.paths)) {
        const forOperators = /^[/]v1[/]\w+[/]ops[/]/.test(path);
        for (const [method, { security }] of Object.entries(item)) {
          if (method === "options" || UPPYS.test(path)) expect(security).toEqual([]);
          else {
            const guard = forOperators ? "sigv4" : "authorizer";
            expect([method, path, security]).toEqual([method, path, [{ [guard]: [] }]]);
          }
        }
        // No page signs as an operator, so none asks beforehand.
        const preflight = forOperators ? [] : ["options"];
        expect(Object.keys(item).sort()).toEqual(
          [...Object.keys(routes[path] ?? {}), ...preflight].sort(),
        );
      }
      expect(body.components.securitySchemes.sigv4).toMatchObject({
        type: "apiKey",
        in: "header",
        name: "Authorization",
        "x-amazon-apigateway-authtype": "awsSigv4",
      });
    }
  });

  it("let operators call the operators' routes of each service and nothing else, by a policy that nobody has by itself", () => {
    for (const program of ["upload", "catalog", "processing", "search"]) {
      const api = find("aws:apigateway/restApi:RestApi", "api", program);
      const { inputs } = find("aws:iam/policy:Policy", "api-operators", program);
      expect(inputs.name).toBe(`shoebox-dev-${program}-operators`);
      const { Statement } = JSON.parse(String(inputs.policy));
      const [first = ""] = Object.keys(gatewayBody(api).paths);
      const base = first.split("/").slice(1, 3).join("/");
      expect(Statement).toEqual([
        expect.objectContaining({
          Effect: "Allow",
          Action: ["execute-api:Invoke"],
          Resource: [`${api.outputs.executionArn}/live/*/${base}/ops/*`],
        }),
      ]);
    }
    expect(all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")).toEqual([]);
    expect(all("aws:iam/userPolicyAttachment:UserPolicyAttachment")).toEqual([]);
  });

  it("let operators read and throw away what could not be handled, and no message that is still on its way", () => {
    const { inputs } = find("aws:iam/policy:Policy", "operators", "platform");
    const { Statement } = JSON.parse(String(inputs.policy)) as {
      Statement: { Action: string[]; Resource: string[] }[];
    };
    const readable = Statement.filter(({ Action }) => Action.includes("sqs:ReceiveMessage"))
      .flatMap(({ Resource }) => Resource)
      .map((arn) => new RegExp(`^${arn.replaceAll("*", ".*")}$`));
    const queues = all("aws:sqs/queue:Queue");
    const read = (arn: unknown) => readable.some((pattern) => pattern.test(String(arn)));
    const live = queues.filter(({ inputs: { redrivePolicy } }) => redrivePolicy !== undefined);
    const letters = queues.filter((queue) => !live.includes(queue));
    expect(live.length).toBeGreaterThan(10);
    expect(letters.length).toBeGreaterThan(10);
    expect(live.filter(({ outputs }) => read(outputs.arn))).toEqual([]);
    expect(letters.filter(({ outputs }) => !read(outputs.arn))).toEqual([]);
  });

  it("open no route without the authorizer but those of Uppy's endpoint, in any service", () => {
    const open = all("aws:apigateway/restApi:RestApi").flatMap((api) =>
      Object.entries(gatewayBody(api).paths).flatMap(([path, item]) =>
        Object.entries(item)
          .filter(([method, { security }]) => method !== "options" && security.length === 0)
          .map(([method]) => `${api.program}: ${method} ${path}`),
      ),
    );
    const endpoint = "/v1/uploads/uppy/{endpoint}/s3";
    expect(open.sort()).toEqual([
      `upload: delete ${endpoint}/multipart/{uploadId}`,
      `upload: get ${endpoint}/multipart/{uploadId}`,
      `upload: get ${endpoint}/multipart/{uploadId}/batch`,
      `upload: get ${endpoint}/multipart/{uploadId}/{partNumber}`,
      `upload: get ${endpoint}/params`,
      `upload: post ${endpoint}/multipart`,
      `upload: post ${endpoint}/multipart/{uploadId}/complete`,
    ]);
  });

  it("give every queue that a function reads six times the function's time before a message returns", () => {
    for (const mapping of all("aws:lambda/eventSourceMapping:EventSourceMapping")) {
      const queue = all("aws:sqs/queue:Queue").find(
        (candidate) => candidate.outputs.arn === mapping.inputs.eventSourceArn,
      );
      if (!queue) continue;
      const fn = all("aws:lambda/function:Function").find(
        (candidate) => candidate.outputs.arn === mapping.inputs.functionName,
      );
      expect(Number(queue.inputs.visibilityTimeoutSeconds)).toBeGreaterThanOrEqual(
        6 * Number(fn?.inputs.timeout),
      );
    }
  });

  it("replay the catalog's events to the rule of rebuilds alone, and let nothing else be replayed", () => {
    const rule = find("aws:cloudwatch/eventRule:EventRule", "rebuild-projector", "search");
    const live = find("aws:cloudwatch/eventRule:EventRule", "projector", "search");
    const pattern = JSON.parse(String(rule.inputs.eventPattern));
    expect(pattern["replay-name"]).toEqual([{ exists: true }]);
    expect({ ...pattern, "replay-name": [{ exists: false }] }).toEqual(
      JSON.parse(String(live.inputs.eventPattern)),
    );
    const fn = find("aws:lambda/function:Function", "rebuild", "search");
    const { variables } = fn.inputs.environment as { variables: Record<string, string> };
    const archive = find("aws:cloudwatch/eventArchive:EventArchive", "events", "platform");
    expect(variables).toMatchObject({
      REPLAY_RULE_ARN: rule.outputs.arn,
      ARCHIVE_ARN: archive.outputs.arn,
      REPLAYED_QUEUE: find("aws:sqs/queue:Queue", "rebuild-projector", "search").inputs.name,
      STEPS_QUEUE: find("aws:sqs/queue:Queue", "rebuild", "search").inputs.name,
    });
    const mayReplay = all("aws:iam/rolePolicy:RolePolicy").filter(({ inputs }) =>
      String(inputs.policy).includes("events:StartReplay"),
    );
    expect(mayReplay.map(({ inputs }) => inputs.role)).toEqual([fn.inputs.name]);
  });

  it("let an outage of the search engine last for two days without a message in a dead-letter queue", () => {
    const { inputs } = find("aws:sqs/queue:Queue", "projector", "search");
    const { maxReceiveCount } = JSON.parse(String(inputs.redrivePolicy));
    const hours = (maxReceiveCount * Number(inputs.visibilityTimeoutSeconds)) / 3_600;
    expect(hours).toBeGreaterThan(48);
    expect(inputs.messageRetentionSeconds).toBe(14 * 86_400);
  });

  describe("give everything that can't be handled a place to lie for fourteen days", () => {
    const queueWith = (arn: unknown) =>
      all("aws:sqs/queue:Queue").find((queue) => queue.outputs.arn === arn);
    const kept = (arn: unknown) => queueWith(arn)?.inputs.messageRetentionSeconds;
    const mayPutInto = (fnArn: unknown, queueArn: unknown) => {
      const fn = all("aws:lambda/function:Function").find(({ outputs }) => outputs.arn === fnArn);
      return all("aws:iam/rolePolicy:RolePolicy").some(
        ({ inputs, program }) =>
          program === fn?.program &&
          inputs.role === fn?.inputs.name &&
          (
            JSON.parse(String(inputs.policy)) as {
              Statement: { Action: string[]; Resource: string[] }[];
            }
          ).Statement.some(
            ({ Action, Resource }) =>
              Action.includes("sqs:SendMessage") && Resource.includes(String(queueArn)),
          ),
      );
    };
    const mappings = () => all("aws:lambda/eventSourceMapping:EventSourceMapping");

    it("every queue that a function reads, as often tried as the function counts, and the function may put it there itself", () => {
      const read = mappings().filter(({ inputs }) => queueWith(inputs.eventSourceArn));
      expect(read.length).toBeGreaterThanOrEqual(8);
      for (const { inputs } of read) {
        const queue = queueWith(inputs.eventSourceArn);
        const policy = JSON.parse(String(queue?.inputs.redrivePolicy));
        const deadLetters = queueWith(policy.deadLetterTargetArn);
        const outlasts = outlastOutages.has(`${queue?.program}/${queue?.name}`);
        expect([queue?.name, policy.maxReceiveCount]).toEqual([
          queue?.name,
          outlasts ? MOST_RECEIVES : MAX_RECEIVES,
        ]);
        expect(deadLetters?.inputs.name).toBe(deadLetterQueueOf(String(queue?.inputs.name)));
        expect(kept(policy.deadLetterTargetArn)).toBe(1_209_600);
        expect([
          queue?.inputs.name,
          mayPutInto(inputs.functionName, deadLetters?.outputs.arn),
        ]).toEqual([queue?.inputs.name, true]);
      }
    });

    it("every target of a rule", () => {
      const targets = all("aws:cloudwatch/eventTarget:EventTarget");
      expect(targets.length).toBeGreaterThanOrEqual(8);
      for (const { inputs } of targets) {
        expect(kept((inputs.deadLetterConfig as { arn: string }).arn)).toBe(1_209_600);
      }
    });

    it("every stream, by Lambda and by the relay itself", () => {
      const streams = mappings().filter(({ inputs }) => !queueWith(inputs.eventSourceArn));
      expect(streams.length).toBeGreaterThanOrEqual(3);
      for (const { inputs } of streams) {
        const { onFailure } = inputs.destinationConfig as { onFailure: { destinationArn: string } };
        expect(kept(onFailure.destinationArn)).toBe(1_209_600);
        expect(mayPutInto(inputs.functionName, onFailure.destinationArn)).toBe(true);
      }
    });
  });

  it("let no bucket tell of objects that a worker writes: none can set itself off", () => {
    const telling = all("aws:s3/bucketNotification:BucketNotification").map(({ name }) => name);
    expect(telling).toEqual(["originals"]);
    const worker = find("aws:cloudwatch/eventRule:EventRule", "worker", "processing");
    expect(JSON.parse(String(worker.inputs.eventPattern))["detail-type"]).toEqual([
      "ImageUploaded",
    ]);
  });

  it("close every bucket to the public and to plain HTTP", () => {
    for (const bucket of all("aws:s3/bucket:Bucket")) {
      const block = find(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        bucket.name,
        bucket.program,
      );
      expect(block.inputs).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      const policy = find("aws:s3/bucketPolicy:BucketPolicy", bucket.name, bucket.program);
      expect(String(policy.inputs.policy)).toContain('"aws:SecureTransport":["false"]');
    }
  });

  it("keep what can't be replaced: originals versioned, tables recoverable, protected in production", () => {
    expect(
      find("aws:s3/bucketVersioning:BucketVersioning", "originals", "upload").inputs,
    ).toMatchObject({
      versioningConfiguration: { status: "Enabled" },
    });
    for (const [program, name] of [
      ["upload", "uploads"],
      ["catalog", "images"],
    ] as const) {
      const table = find("aws:dynamodb/table:Table", name, program, "prod");
      expect(table.inputs).toMatchObject({
        deletionProtectionEnabled: true,
        pointInTimeRecovery: { enabled: true },
      });
    }
  });

  it("name no action or resource with a wildcard where a name is known", () => {
    const wide = all("aws:iam/rolePolicy:RolePolicy").flatMap((policy) =>
      (
        JSON.parse(String(policy.inputs.policy)) as {
          Statement: { Action: string[]; Resource: string[] }[];
        }
      ).Statement.filter(
        ({ Action, Resource }) =>
          // X-Ray knows no resources.
          (Resource.includes("*") && !Action.every((action) => action.startsWith("xray:"))) ||
          Action.some((action) => action.includes("*")),
      ),
    );
    expect(wide).toEqual([]);
  });
});
