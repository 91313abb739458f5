import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BucketEvent } from "@shoebox/shared/events/aws";
import {
  livePattern,
  type RulePattern,
  replayPattern,
  type ServiceName,
} from "@shoebox/shared/events/define";
import type { OpenApiDocument } from "@shoebox/shared/http/api";
import { METRICS_NAMESPACE, type MetricName, type RejectReason } from "@shoebox/shared/metrics";
import { type AlarmArgs, alarm } from "./alarm.ts";
import { Consumer, type ConsumerArgs } from "./consumer.ts";
import { registerSchemas } from "./event-schemas.ts";
import { resourceName } from "./names.ts";
import type { Platform } from "./platform-outputs.ts";
import { Relay } from "./relay.ts";
import { RestApi } from "./rest-api.ts";
import { Declared, serviceDashboard } from "./service-dashboard.ts";
import { type FunctionArgs, ServiceFunction } from "./service-function.ts";
import { Table } from "./table.ts";
import { alarmOnLetters } from "./work-queue.ts";

type Tuning = Pick<
  ConsumerArgs,
  "batchSize" | "batchingWindow" | "concurrency" | "outlastsOutages"
>;

export interface ServiceArgs {
  /** What the service's configuration wants to know besides what all services do. */
  environment: Record<string, pulumi.Input<string>>;
  /** The service's table. It has a relay: the one way out for the service's events. */
  table?: Table;
}

/**
 * The vocabulary in which a service's program describes the service: an API, consumers of events,
 * schedules, each one line or a few. All functions of a service have one environment.
 */
export class Service {
  readonly platform: Platform;
  private readonly name: ServiceName;
  private readonly declared = new Declared();
  private readonly environment: Record<string, pulumi.Input<string>>;
  /** How many requests each user has made lately. */
  private readonly rates: Table;
  private apiFunction?: ServiceFunction;

  constructor(name: ServiceName, platform: Platform, args: ServiceArgs) {
    this.name = name;
    this.platform = platform;
    this.rates = new Table(name, "rates", { passing: true });
    this.declared.tables.push(this.rates.table.name);
    this.environment = {
      SERVICE: name,
      LOG_LEVEL: platform.logLevel,
      BUS_NAME: platform.busName,
      CORS_ORIGINS: platform.webOrigins.apply((origins) => origins.join(",")),
      OIDC_ISSUER: platform.oidcIssuer,
      OIDC_AUDIENCE: platform.oidcAudience,
      OIDC_JWKS_URI: platform.oidcJwksUri,
      RATES_TABLE: this.rates.table.name,
      RATE_LIMIT: pulumi.interpolate`${platform.userRate}`,
      RATE_BURST: pulumi.interpolate`${platform.userBurst}`,
      ...args.environment,
    };
    if (args.table) this.relay(args.table);
  }

  /** The REST API: its routes are the service's own OpenAPI document. Functions `api` and `authorizer`. */
  api(document: OpenApiDocument, args: FunctionArgs): RestApi {
    const fn = this.fn("api", { memory: 1024, ...args });
    this.apiFunction = fn;
    fn.grant("rate-limit", [
      { actions: ["dynamodb:UpdateItem"], resources: [this.rates.table.arn] },
    ]);
    const api = new RestApi("api", {
      service: this.name,
      document,
      api: fn,
      authorizer: this.fn("authorizer", { memory: 256 }),
      platform: this.platform,
    });
    this.declared.apis.push(api);
    this.watch("rate-limit-unavailable", {
      metric: "RateLimitUnavailable",
      says: "The table of rate limits can't be asked, and requests go through uncounted.",
      runbook: "rate-limit",
      statistic: "Sum",
      above: 10,
      periods: 2,
    });
    return api;
  }

  /** The dashboard of all that was declared before: the last line of a program. */
  dashboard(): void {
    serviceDashboard(this.name, this.declared);
  }

  /** A function that handles events of the platform's bus, as they happen. Replays are not for it. */
  onEvents(
    name: string,
    events: { source: string; type: string }[],
    args: FunctionArgs & Tuning,
  ): Consumer {
    return this.consumer(
      name,
      { busName: this.platform.busName, pattern: livePattern(events) },
      args,
    );
  }

  /** A function that handles events of the platform's bus that are replayed from its archive, and only those. */
  onReplays(
    name: string,
    events: { source: string; type: string }[],
    args: FunctionArgs & Tuning,
  ): Consumer {
    return this.consumer(
      name,
      { busName: this.platform.busName, pattern: replayPattern(events) },
      args,
    );
  }

  /** A function that handles what AWS says of the objects in a bucket, on the default bus. */
  onBucket(
    name: string,
    event: BucketEvent<unknown>,
    bucket: pulumi.Input<string>,
    args: FunctionArgs & Tuning,
  ): Consumer {
    const pattern = pulumi.output(bucket).apply(
      (bucketName): RulePattern => ({
        ...livePattern([event]),
        detail: event.ofBucket(bucketName),
      }),
    );
    return this.consumer(name, { busName: "default", pattern }, args);
  }

  /** A job that runs by the clock: `rate(…)` or `cron(…)`. One at a time. */
  every(name: string, schedule: string, args: FunctionArgs): Consumer {
    return this.consumer(name, { schedule }, { ...args, batchSize: 1, concurrency: 2 });
  }

  /** The service's reconciliation: a job by the clock, which operators ask for through the API as well. */
  reconciles(name: string, schedule: string, args: FunctionArgs): void {
    const { queue } = this.every(name, schedule, args);
    this.apiFunction?.grant("reconcile", [
      { actions: ["sqs:GetQueueUrl", "sqs:SendMessage"], resources: [queue.arn] },
    ]);
  }

  /** An alarm on what the service's own code measures. */
  watch(
    name: string,
    {
      reason,
      ...args
    }: {
      metric: MetricName;
      /** Only what is counted by this reason. */
      reason?: RejectReason;
    } & Pick<AlarmArgs, "says" | "runbook" | "statistic" | "above" | "periods">,
  ): void {
    const watched = {
      service: this.name,
      namespace: METRICS_NAMESPACE,
      dimensions: { service: this.name, ...(reason && { reason }) },
      topic: this.platform.alarmTopic,
    };
    alarm(name, { ...watched, ...args }, {});
  }

  /** The one way out for the service's events, and the contracts of what goes out there. */
  private relay(table: Table): void {
    registerSchemas(this.name, this.platform.schemaRegistry);
    this.declared.tables.push(table.table.name);
    const failed = new aws.sqs.Queue("relay-failed", {
      name: resourceName(this.name, "relay-failed"),
      messageRetentionSeconds: 1_209_600,
      sqsManagedSseEnabled: true,
    });
    this.environment.RELAY_DEAD_LETTERS_URL = failed.url;
    const fn = this.fn("relay", {
      timeout: 30,
      allow: [{ actions: ["events:PutEvents"], resources: [this.platform.busArn] }],
    });
    const { alarmTopic } = this.platform;
    alarmOnLetters("relay", failed, { service: this.name, alarmTopic }, {});
    const { again } = new Relay("relay", { table, fn, failed, service: this.name, alarmTopic });
    this.declared.relays.push(fn.fn.name);
    this.declared.queues.push(again.queue.name);
    this.declared.deadLetters.push(failed.name, again.deadLetters.name);
    alarm(
      "relay-lag",
      {
        service: this.name,
        says: "Changes wait for more than five minutes to become events.",
        runbook: "relay-lag",
        namespace: "AWS/Lambda",
        metric: "IteratorAge",
        dimensions: { FunctionName: fn.fn.name },
        statistic: "Maximum",
        above: 300_000,
        topic: alarmTopic,
      },
      {},
    );
  }

  private consumer(
    name: string,
    trigger: ConsumerArgs["trigger"],
    args: FunctionArgs & Tuning,
  ): Consumer {
    const fn = this.fn(name, { timeout: 30, ...args });
    const { batchSize, batchingWindow, concurrency, outlastsOutages } = args;
    const consumer = new Consumer(name, {
      service: this.name,
      trigger,
      fn,
      alarmTopic: this.platform.alarmTopic,
      batchSize,
      batchingWindow,
      concurrency,
      outlastsOutages,
    });
    this.declared.queues.push(consumer.queue.name);
    this.declared.deadLetters.push(...consumer.deadLetters.map((queue) => queue.name));
    return consumer;
  }

  private fn(name: string, args: FunctionArgs): ServiceFunction {
    const fn = new ServiceFunction(this.name, name, {
      ...args,
      environment: this.environment,
      platform: this.platform,
    });
    this.declared.functions.push(fn.fn.name);
    return fn;
  }
}
