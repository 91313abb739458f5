import type { Logger } from "./log.ts";

/** The CloudWatch namespace of all of our own metrics. */
export const METRICS_NAMESPACE = "Shoebox";

/**
 * Everything that is measured, by name. Each has the dimension `service`, and no other unless
 * `byReason` says so: every further combination of dimensions is a metric that CloudWatch charges for.
 * Alarms and dashboards take the names from here.
 */
export const metrics = {
  /** Uploads that were begun: the API has said yes and told where to send the bytes. */
  UploadsAccepted: { unit: "Count", services: ["upload"] },
  /** Uploads whose object came and is what was announced. */
  UploadsArrived: { unit: "Count", services: ["upload"] },
  /** Uploads that were refused for good; also by reason. */
  UploadsRejected: { unit: "Count", services: ["upload", "processing"], byReason: true },
  /** From the moment an upload was accepted (the time inside its id) until its picture can be shown. */
  TimeToReady: { unit: "Milliseconds", services: ["catalog"] },
  /** From the same moment until a search can find it. */
  TimeToSearchable: { unit: "Milliseconds", services: ["search"] },
  /** From the moment an event happened (`occurredAt`) until it is in the index. */
  ProjectorLag: { unit: "Milliseconds", services: ["search"] },
  /** From a change of the table until its events are on the bus. Streams tell whole seconds on AWS. */
  RelayLag: { unit: "Milliseconds", services: ["upload", "catalog", "processing", "search"] },
  /** Messages and changes that nobody tries again: each is a dead letter. */
  EventsSetAside: { unit: "Count", services: ["upload", "catalog", "processing", "search"] },
  /** Requests that were answered with 429, because their user has made too many. */
  RateLimited: { unit: "Count", services: ["upload", "catalog", "processing", "search"] },
  /** Times that the limit could not be asked for, and requests went through uncounted. */
  RateLimitUnavailable: { unit: "Count", services: ["upload", "catalog", "processing", "search"] },
} as const satisfies Record<string, Metric>;

export interface Metric {
  unit: "Count" | "Milliseconds";
  /** The services that measure it: the values of its dimension. */
  services: readonly string[];
  byReason?: boolean;
}

export type MetricName = keyof typeof metrics;

/** The reasons that `UploadsRejected` is counted by: what has another is counted as `other`. */
export const rejectReasons = [
  "size-mismatch",
  "content-type-mismatch",
  "type-mismatch",
  "checksum-mismatch",
  "original-missing",
  "too-large",
  "infected",
  "not-scanned",
  "undecodable",
  "too-many-pixels",
  "too-complex",
  "processing-failed",
  "other",
] as const;
export type RejectReason = (typeof rejectReasons)[number];

/** The most values of a metric in one document (the specification's limit). */
const MAX_VALUES = 100;

/**
 * Writes measurements into the log in CloudWatch's embedded metric format, which makes metrics of
 * them without a call and without a wait. The dimension `service` is the log's own; ids that the log
 * carries lead from a value to its request, and are no dimensions. Whatever the level of the log is, they
 * are written, unless it is silent.
 */
export function measure(
  log: Logger,
  values: Partial<Record<MetricName, number | number[]>>,
  about: { reason?: string; now?: number } = {},
): void {
  for (const document of inDocuments(values)) {
    const names = Object.keys(document) as MetricName[];
    const byReason = about.reason !== undefined && names.some((name) => isByReason(name));
    log.metric({
      ...document,
      ...(byReason && { reason: known(about.reason) }),
      _aws: {
        Timestamp: about.now ?? Date.now(),
        CloudWatchMetrics: [
          {
            Namespace: METRICS_NAMESPACE,
            Dimensions: byReason ? [["service"], ["service", "reason"]] : [["service"]],
            Metrics: names.map((Name) => ({ Name, Unit: metrics[Name].unit })),
          },
        ],
      },
    });
  }
}

function inDocuments(
  values: Partial<Record<MetricName, number | number[]>>,
): Partial<Record<MetricName, number | number[]>>[] {
  const documents: Partial<Record<MetricName, number | number[]>>[] = [];
  for (const [name, value] of Object.entries(values) as [MetricName, number | number[]][]) {
    const all = [value].flat();
    for (let from = 0; from < all.length; from += MAX_VALUES) {
      const some = all.slice(from, from + MAX_VALUES);
      const document = documents[from / MAX_VALUES] ?? {};
      documents[from / MAX_VALUES] = document;
      document[name] = some.length === 1 ? some[0] : some;
    }
  }
  return documents;
}

function isByReason(name: MetricName): boolean {
  const metric: Metric = metrics[name];
  return metric.byReason === true;
}

function known(reason: string | undefined): string {
  return rejectReasons.find((one) => one === reason) ?? "other";
}
