import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { METRICS_NAMESPACE, metrics } from "@shoebox/shared/metrics";
import { dashboard, type Graph, type Line } from "../components/dashboard.ts";
import { resourceName } from "../components/names.ts";

/** The services by what they are called in names: the platform reads nothing of them. */
const SERVICES = ["upload", "catalog", "processing", "search"];

/** The first page to look at: whether users are served, whether events flow, and what all services share. */
export function createOverview(shared: {
  bus: aws.cloudwatch.EventBus;
  domain: aws.opensearch.Domain;
  distribution: aws.cloudfront.Distribution;
}): void {
  const account = aws.getCallerIdentityOutput().accountId;
  dashboard(
    "platform",
    pulumi
      .all([shared.bus.name, shared.domain.domainName, shared.distribution.id, account])
      .apply(([bus, domain, distribution, accountId]) => [
        { heading: "The four services", graphs: serviceGraphs() },
        { heading: "Events", graphs: eventGraphs(bus) },
        { heading: "Search domain", graphs: domainGraphs(domain, accountId) },
        { heading: "CDN", graphs: cdnGraphs(distribution) },
      ]),
  );
}

function serviceGraphs(): Graph[] {
  const apis = (metric: string): Line[] =>
    SERVICES.map((service) => ({
      metric: ["AWS/ApiGateway", metric, "ApiName", resourceName(service, "api"), "Stage", "live"],
      label: service,
    }));
  return [
    { title: "Requests", lines: apis("Count"), statistic: "Sum" },
    { title: "Errors of ours (5xx)", lines: apis("5XXError"), statistic: "Sum" },
    {
      title: "Latency, 99 of 100 within",
      lines: apis("Latency"),
      statistic: "p99",
      unit: "ms",
      limit: { value: 300, label: "promised for metadata" },
    },
    {
      title: "From an accepted upload to ready and to searchable, 99 of 100 within",
      lines: (["TimeToReady", "TimeToSearchable"] as const).flatMap((name) =>
        metrics[name].services.map(
          (service): Line => ({
            metric: [METRICS_NAMESPACE, name, "service", service],
            label: name,
          }),
        ),
      ),
      statistic: "p99",
      unit: "ms",
    },
  ];
}

function eventGraphs(bus: string): Graph[] {
  return [
    {
      title: "Events on the bus that matched a rule",
      lines: [
        {
          search: `{AWS/Events,EventBusName,RuleName} EventBusName="${bus}" MetricName="MatchedEvents"`,
        },
      ],
      statistic: "Sum",
    },
    {
      title: "Events that no queue took",
      lines: [
        {
          search: `{AWS/Events,EventBusName,RuleName} EventBusName="${bus}" MetricName="FailedInvocations"`,
        },
      ],
      statistic: "Sum",
    },
    {
      title: "Changes that wait to become events",
      lines: SERVICES.map((service) => ({
        metric: ["AWS/Lambda", "IteratorAge", "FunctionName", resourceName(service, "relay")],
        label: service,
      })),
      statistic: "Maximum",
      unit: "ms",
    },
  ];
}

function domainGraphs(domain: string, account: string): Graph[] {
  const lines = (...metrics: string[]): Line[] =>
    metrics.map((metric) => ({
      metric: ["AWS/ES", metric, "DomainName", domain, "ClientId", account],
      label: metric,
    }));
  return [
    {
      title: "Shards lost or not copied",
      lines: lines("ClusterStatus.red", "ClusterStatus.yellow"),
      statistic: "Maximum",
    },
    {
      title: "Processors and heap",
      lines: lines("CPUUtilization", "JVMMemoryPressure"),
      statistic: "Maximum",
      unit: "%",
    },
    { title: "Space left", lines: lines("FreeStorageSpace"), statistic: "Minimum", unit: "MB" },
  ];
}

function cdnGraphs(distribution: string): Graph[] {
  const lines = (...metrics: string[]): Line[] =>
    metrics.map((metric) => ({
      metric: ["AWS/CloudFront", metric, "DistributionId", distribution, "Region", "Global"],
      label: metric,
    }));
  // CloudFront's metrics are in this region, wherever the stack is.
  const region = "us-east-1";
  return [
    { title: "Requests", lines: lines("Requests"), statistic: "Sum", region },
    {
      title: "Share that failed",
      lines: lines("4xxErrorRate", "5xxErrorRate"),
      statistic: "Average",
      unit: "%",
      region,
    },
    { title: "Bytes", lines: lines("BytesDownloaded"), statistic: "Sum", region },
  ];
}
