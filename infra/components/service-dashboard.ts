import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { METRICS_NAMESPACE, type Metric, metrics } from "@shoebox/shared/metrics";
import { dashboard, type Graph, type Line } from "./dashboard.ts";

type Name = pulumi.Output<string>;

/** Physical names of what a service has declared: whatever is made is also shown. */
export class Declared {
  readonly functions: Name[] = [];
  /** What work is read from. */
  readonly queues: Name[] = [];
  readonly deadLetters: Name[] = [];
  readonly tables: Name[] = [];
  readonly apis: { name: Name; stage: Name }[] = [];
  /** The function that turns changes into events. */
  readonly relays: Name[] = [];
}

/** How a service does: what it promised, what it works on, what waits, and what was given up on. */
export function serviceDashboard(service: string, declared: Declared): aws.cloudwatch.Dashboard {
  const names = pulumi.all([
    pulumi.all(declared.functions),
    pulumi.all(declared.queues),
    pulumi.all(declared.deadLetters),
    pulumi.all(declared.tables),
    pulumi.all(declared.apis),
    pulumi.all(declared.relays),
  ]);
  return dashboard(
    service,
    names.apply(([functions, queues, deadLetters, tables, apis, relays]) => [
      { heading: "What users see", graphs: apiGraphs(apis) },
      { heading: "What the service does", graphs: businessGraphs(service) },
      { heading: "Functions", graphs: functionGraphs(functions) },
      { heading: "Queues", graphs: queueGraphs(queues, deadLetters) },
      { heading: "Data", graphs: dataGraphs(tables, relays) },
    ]),
  );
}

function apiGraphs(apis: { name: string; stage: string }[]): Graph[] {
  const lines = (...metrics: string[]): Line[] =>
    apis.flatMap(({ name, stage }) =>
      metrics.map(
        (metric): Line => ({
          metric: ["AWS/ApiGateway", metric, "ApiName", name, "Stage", stage],
          label: metric,
        }),
      ),
    );
  return [
    { title: "Requests", lines: lines("Count"), statistic: "Sum" },
    {
      title: "Errors of clients and of ours",
      lines: lines("4XXError", "5XXError"),
      statistic: "Sum",
    },
    {
      title: "Latency, 99 of 100 within",
      lines: lines("Latency", "IntegrationLatency"),
      statistic: "p99",
      unit: "ms",
      limit: { value: 300, label: "promised for metadata" },
    },
  ];
}

/** What the service's own code measures, by the list that the code itself measures by. */
function businessGraphs(service: string): Graph[] {
  const own = Object.entries<Metric>(metrics).filter(([, { services }]) =>
    services.includes(service),
  );
  const lines = (unit: Metric["unit"]): Line[] =>
    own
      .filter(([, metric]) => metric.unit === unit)
      .map(([name]) => ({ metric: [METRICS_NAMESPACE, name, "service", service], label: name }));
  const byReason = own.filter(([, metric]) => metric.byReason);
  return [
    { title: "How often", lines: lines("Count"), statistic: "Sum" },
    {
      title: "How long, 99 of 100 within",
      lines: lines("Milliseconds"),
      statistic: "p99",
      unit: "ms",
    },
    ...byReason.map(([name]) => ({
      title: `${name}, by reason`,
      lines: [
        {
          search: `{${METRICS_NAMESPACE},service,reason} service="${service}" MetricName="${name}"`,
        },
      ],
      statistic: "Sum",
    })),
  ];
}

function functionGraphs(functions: string[]): Graph[] {
  const lines = (metric: string): Line[] =>
    functions.map((name) => ({ metric: ["AWS/Lambda", metric, "FunctionName", name] }));
  return [
    { title: "Errors", lines: lines("Errors"), statistic: "Sum" },
    { title: "Duration, 99 of 100 within", lines: lines("Duration"), statistic: "p99", unit: "ms" },
    { title: "Throttled", lines: lines("Throttles"), statistic: "Sum" },
    { title: "At the same time", lines: lines("ConcurrentExecutions"), statistic: "Maximum" },
  ];
}

function queueGraphs(queues: string[], deadLetters: string[]): Graph[] {
  const lines = (names: string[], metric: string): Line[] =>
    names.map((name) => ({ metric: ["AWS/SQS", metric, "QueueName", name] }));
  return [
    {
      title: "Age of the oldest message",
      lines: lines(queues, "ApproximateAgeOfOldestMessage"),
      statistic: "Maximum",
      unit: "seconds",
      limit: { value: 900, label: "alarm" },
    },
    {
      title: "Messages that wait",
      lines: lines(queues, "ApproximateNumberOfMessagesVisible"),
      statistic: "Maximum",
    },
    {
      title: "Dead letters",
      lines: lines(deadLetters, "ApproximateNumberOfMessagesVisible"),
      statistic: "Maximum",
    },
  ];
}

function dataGraphs(tables: string[], relays: string[]): Graph[] {
  const ofTables = (...metrics: string[]): Line[] =>
    tables.flatMap((name) =>
      metrics.map((metric): Line => ({ metric: ["AWS/DynamoDB", metric, "TableName", name] })),
    );
  return [
    {
      title: "Throttled reads and writes, of tables and of their indexes",
      lines: [
        ...ofTables("ReadThrottleEvents", "WriteThrottleEvents"),
        ...tables.map((name) => ({
          search: `{AWS/DynamoDB,GlobalSecondaryIndexName,TableName} TableName="${name}" MetricName=("ReadThrottleEvents" OR "WriteThrottleEvents")`,
        })),
      ],
      statistic: "Sum",
    },
    {
      title: "Units read and written",
      lines: ofTables("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"),
      statistic: "Sum",
    },
    {
      title: "Changes that wait to become events",
      lines: relays.map((name) => ({
        metric: ["AWS/Lambda", "IteratorAge", "FunctionName", name],
      })),
      statistic: "Maximum",
      unit: "ms",
      limit: { value: 300_000, label: "alarm" },
    },
  ];
}
