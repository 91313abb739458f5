import * as pulumi from "@pulumi/pulumi";
import { document } from "@shoebox/search/api/openapi";
import {
  CatalogSnapshotPage,
  ImageCataloged,
  ImageDeleted,
  ImageUpdated,
} from "@shoebox/shared/events/catalog";
import { resourceName } from "../components/names.ts";
import { readPlatform } from "../components/platform-outputs.ts";
import { Service } from "../components/service.ts";
import { Table } from "../components/table.ts";

/**
 * The search service: a projection of the catalog's events into OpenSearch, the queries over it, and
 * the rebuilds of it.
 */

const platform = readPlatform();
const config = new pulumi.Config();
const rebuilds = new Table("search", "rebuilds");

/** The rule that replays go to: `rule/<bus>/<name>`. It is known before it is made. */
const replayRuleArn = pulumi.interpolate`${platform.busArn.apply((arn) =>
  arn.replace(":event-bus/", ":rule/"),
)}/${resourceName("search", "rebuild-projector")}`;
/** Replays of rebuilds, which name them so. */
const replays = platform.archiveArn.apply((arn) =>
  arn.replace(/:archive\/.*/, ":replay/rebuild-*"),
);

const search = new Service("search", platform, {
  table: rebuilds,
  environment: {
    OPENSEARCH_ENDPOINT: platform.searchEndpoint,
    INDEX_SHARDS: String(config.requireNumber("indexShards")),
    INDEX_REPLICAS: String(config.requireNumber("indexReplicas")),
    CDN_DOMAIN: platform.cdnDomain,
    CDN_KEY_ID: platform.cdnKeyId,
    CDN_KEY_SECRET: platform.cdnKeySecretArn,
    REBUILDS_TABLE: rebuilds.table.name,
    STEPS_QUEUE: resourceName("search", "rebuild"),
    REPLAYED_QUEUE: resourceName("search", "rebuild-projector"),
    BUS_ARN: platform.busArn,
    ARCHIVE_ARN: platform.archiveArn,
    REPLAY_RULE_ARN: replayRuleArn,
    ARCHIVE_LAG_SECONDS: pulumi.interpolate`${platform.archiveLag}`,
  },
});

const index = pulumi.interpolate`${platform.searchDomainArn}/*`;
const catalogEvents = [ImageCataloged, ImageUpdated, ImageDeleted];
const write = {
  actions: ["es:ESHttpGet", "es:ESHttpPost", "es:ESHttpPut", "es:ESHttpHead"],
  resources: [index],
};
const readJobs = { actions: ["dynamodb:GetItem"], resources: [rebuilds.table.arn] };

search.onEvents("projector", catalogEvents, {
  // Each upload is two events, ten of them one request: a thousand uploads a second need twelve.
  concurrency: 20,
  outlastsOutages: true,
  allow: [write],
});

const replayed = search.onReplays("rebuild-projector", catalogEvents, {
  // Nobody waits for a single one of these.
  batchSize: 100,
  batchingWindow: 1,
  concurrency: 5,
  outlastsOutages: true,
  allow: [write, readJobs],
});

search.onEvents("rebuild-pages", [CatalogSnapshotPage], {
  concurrency: 5,
  outlastsOutages: true,
  allow: [
    write,
    {
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      resources: [rebuilds.table.arn],
    },
  ],
});

const steps = search.every("rebuild", "rate(1 minute)", {
  timeout: 300,
  // It holds the names of all owners once, to find those that the catalog does not know.
  memory: 1_024,
  allow: [
    { actions: [...write.actions, "es:ESHttpDelete"], resources: [index] },
    {
      actions: [
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
      ],
      resources: [rebuilds.table.arn],
    },
    { actions: ["events:DescribeArchive"], resources: [platform.archiveArn] },
    { actions: ["events:StartReplay"], resources: [platform.archiveArn, replays] },
    { actions: ["events:DescribeReplay", "events:CancelReplay"], resources: [replays] },
    {
      actions: ["sqs:GetQueueUrl", "sqs:GetQueueAttributes"],
      resources: [replayed.queue.arn],
    },
  ],
});
const askForSteps = {
  actions: ["sqs:GetQueueUrl", "sqs:SendMessage"],
  resources: [steps.queue.arn],
};
steps.fn.grant("next-step", [askForSteps]);

const api = search.api(document(), {
  // A search may wait for 25 seconds until it knows a change; API Gateway gives up after 29.
  timeout: 29,
  allow: [
    // Aliases are exchanged by a POST.
    { actions: ["es:ESHttpGet", "es:ESHttpPost"], resources: [index] },
    { actions: ["secretsmanager:GetSecretValue"], resources: [platform.cdnKeySecretArn] },
    {
      actions: [
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
      ],
      resources: [rebuilds.table.arn],
    },
    askForSteps,
  ],
});

search.watch("projector-lag", {
  metric: "ProjectorLag",
  says: "Of a hundred events, one takes more than a minute until it can be found.",
  runbook: "search-lag",
  statistic: "p99",
  above: 60_000,
  periods: 2,
});

search.dashboard();

export const url = api.url;
