import { join } from "node:path";
import { builtSite } from "@shoebox/web/built-site";
import type { Logger } from "pino";
import { createChaos } from "../chaos/chaos.ts";
import { chaoticSender } from "../chaos/chaotic-sender.ts";
import type { ChaosSettings } from "../chaos/settings.ts";
import { startCdn } from "../cloudfront/start-cdn.ts";
import { startDynamoDb } from "../dynamodb/start-dynamodb.ts";
import { startEventBridge } from "../eventbridge/server.ts";
import { localGraph } from "../graph/local-graph.ts";
import type { Resource } from "../graph/resource.ts";
import { checkWiring } from "../graph/wiring/check-wiring.ts";
import type { AwsSpec } from "../lambda/spec.ts";
import { startS3 } from "../s3/server.ts";
import { startSecretsManager } from "../secretsmanager/start-secrets-manager.ts";
import { startSqs } from "../sqs/start-sqs.ts";
import { applyGraph } from "./apply/apply-graph.ts";
import { createAwsClients } from "./aws-clients.ts";
import { writeAwsEnvironment } from "./aws-environment.ts";
import { cdnDistribution } from "./cdn-distribution.ts";
import { startFrontDoor } from "./front-door/front-door.ts";
import type { Site } from "./front-door/site.ts";
import { loadKeys } from "./keys.ts";
import { ownOpenSearch } from "./own-opensearch.ts";
import { choosePorts, type Part } from "./ports.ts";
import { Refusal } from "./refusal.ts";
import { serviceSpecs } from "./service-specs.ts";
import { superviseService } from "./service-supervisor.ts";
import { sqsSender } from "./sqs-sender.ts";

const REGION = "us-east-1";
const ACCOUNT = "000000000000";
/** S3 applies lifecycle rules about once a day; a laptop may not be on for a whole day. */
const LIFECYCLE_SWEEP_MS = 3_600_000;

export interface CloudOptions {
  dataDir: string;
  /** The front door's port; 0 is any free one. */
  port: number;
  /** A running OpenSearch to use instead of the embedded stand-in. */
  opensearchUrl?: string;
  /** Run the functions as they are deployed (`npm run build`) instead of from their sources. */
  bundles?: boolean;
  /** Origins of pages that may use the system, besides the front door's own. */
  origins?: string[];
  /** Seconds until an event is in the archive: about six hundred on AWS, none here unless told. */
  archiveLag?: number;
  /** Requests a second that one user may make of each API; the stack's when not told. */
  userRate?: number;
  /** How roughly events are delivered; absent: as well as they can be. */
  chaos?: ChaosSettings;
  log: Logger;
  /** Told of each step as it begins, in words for people. */
  onStep?: (step: string) => void;
}

export interface Cloud {
  url: string;
  graph: Resource[];
  urls: Record<Part, string>;
  /** Process ids of the parts that are processes of their own. */
  pids: () => Record<string, number | undefined>;
  close(): Promise<void>;
}

/**
 * Boots the whole system from what the Pulumi programs declare: starts the engines, applies the
 * graph to them through the AWS SDK, runs each service in its own process, opens the front door.
 *
 * @throws Refusal when it can't, in one sentence
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { dataDir, log } = options;
  const step = options.onStep ?? (() => undefined);
  const ownSearch = options.opensearchUrl ? await ownOpenSearch(options.opensearchUrl) : undefined;
  const keys = loadKeys(dataDir);
  const ports = await choosePorts(dataDir, options.port);
  const at = (part: keyof typeof ports) => `http://127.0.0.1:${ports[part]}`;
  const searchUrl = ownSearch ?? at("opensearch");
  const closers: (() => Promise<void>)[] = [];
  const closing = <T extends { close(): Promise<void> }>(part: T): T => {
    closers.unshift(() => part.close());
    return part;
  };

  const aws: AwsSpec = {
    region: REGION,
    accountId: ACCOUNT,
    credentials: keys.aws,
    dynamodbDataDir: join(dataDir, "dynamodb"),
    endpoints: {
      cloudfront: at("cloudfront"),
      dynamodb: at("dynamodb"),
      "dynamodb-streams": at("dynamodb"),
      eventbridge: at("eventbridge"),
      // The domain's control plane; searches go to the engine itself.
      opensearch: at("front"),
      s3: at("s3"),
      "secrets-manager": at("secrets"),
      sqs: at("sqs"),
    },
  };

  const site = siteOf(step, log);
  try {
    step("evaluating the Pulumi programs and starting the engines");
    const part = (name: Part) => ({
      dataDir: join(dataDir, name),
      port: ports[name],
      logger: log.child({ part: name }),
    });
    const [graph, { events, sqs }] = await Promise.all([
      localGraph(
        { region: REGION, accountId: ACCOUNT },
        { front: at("front"), sqs: at("sqs"), cdn: at("cdn"), search: searchUrl, keys: keys.cdn },
        {
          origins: options.origins,
          archiveLag: options.archiveLag,
          userRate: options.userRate,
        },
      ),
      startEventPlane(part, { ...options, credentials: keys.aws }, closing),
      startDynamoDb(part("dynamodb")).then(closing),
      startSecretsManager(part("secrets")).then(closing),
      ownSearch ? undefined : startSearchEngine(part("opensearch")).then(closing),
    ]);
    const problems = checkWiring(graph);
    if (problems.length > 0) {
      throw new Refusal(`The programs declare a system that can't work: ${problems.join("; ")}.`);
    }

    step("building what the programs declare");
    writeAwsEnvironment(dataDir, aws);
    const clients = createAwsClients(aws);
    await applyGraph(graph, clients);
    const cdn = await startCdn({
      port: ports.cdn,
      controlPort: ports.cloudfront,
      distribution: cdnDistribution(graph),
      s3: { endpoint: at("s3"), credentials: keys.aws, region: REGION },
      logger: log.child({ part: "cdn" }),
    });
    closing(cdn);

    step("starting the four services");
    const specs = serviceSpecs(graph, {
      dataDir,
      aws,
      streamArns: clients.streamArns,
      bundles: options.bundles ?? false,
      chaos: options.chaos,
      ports,
    });
    const front = closing(
      await startFrontDoor({
        port: ports.front,
        services: Object.fromEntries(specs.map(({ service }) => [service, at(service as Part)])),
        graph,
        keys,
        events,
        sqs,
        site: await site,
        origins: { front: at("front"), cdn: at("cdn"), objects: at("s3") },
        log: log.child({ part: "front" }),
      }),
    );
    const services = await Promise.all(
      specs.map(async (spec) => {
        const service = await superviseService(spec, {
          dataDir,
          onCrash: (reason) => {
            log.error({ service: spec.service }, reason);
            for (const source of spec.eventSources) {
              if (source.type === "sqs") sqs.release(source.queueArn);
            }
          },
        });
        closers.unshift(() => service.stop());
        return [spec.service, service] as const;
      }),
    );
    return {
      url: front.url,
      graph,
      urls: Object.fromEntries(Object.keys(ports).map((p) => [p, at(p as Part)])) as Cloud["urls"],
      pids: () => Object.fromEntries(services.map(([name, service]) => [name, service.pid])),
      close: () => closeAll(closers),
    };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** The web pages; a system without them is still a system. */
async function siteOf(step: (text: string) => void, log: Logger): Promise<Site> {
  try {
    return {
      folder: await builtSite("local", () => step("building the web gallery, which has changed")),
    };
  } catch (error) {
    log.error({ err: error }, "the web pages can't be built");
    step("the web gallery can't be built, see the log; all else works");
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** SQS, EventBridge and S3, each handing on to the one before within this process. */
async function startEventPlane(
  part: (name: Part) => { dataDir: string; port: number; logger: Logger },
  {
    credentials,
    archiveLag = 0,
    chaos,
  }: Pick<CloudOptions, "archiveLag" | "chaos"> & {
    credentials: { accessKeyId: string; secretAccessKey: string };
  },
  closing: <T extends { close(): Promise<void> }>(part: T) => T,
) {
  const sqs = closing(await startSqs({ ...part("sqs"), credentials }));
  const events = closing(
    await startEventBridge({
      ...part("eventbridge"),
      sqs: chaos ? chaoticSender(sqsSender(sqs), createChaos(chaos)) : sqsSender(sqs),
      archiveLag: archiveLag * 1_000,
    }),
  );
  const s3 = await startS3({
    ...part("s3"),
    credentials: [credentials],
    emit: async (event) => {
      await events.emit({ ...event, time: Date.parse(event.time) });
    },
  });
  closing(s3);
  const sweep = setInterval(() => s3.sweepLifecycle(Date.now()), LIFECYCLE_SWEEP_MS);
  closing({ close: async () => clearInterval(sweep) });
  return { events, sqs };
}

/** Loaded only when it is used: with an OpenSearch of one's own it would be memory for nothing. */
async function startSearchEngine(options: { dataDir: string; port: number; logger: Logger }) {
  const { startOpenSearch } = await import("../opensearch/server.ts");
  return startOpenSearch(options);
}

/** In the order given: last started, first closed. */
async function closeAll(closers: (() => Promise<void>)[]): Promise<void> {
  for (const close of closers.splice(0)) await close();
}
