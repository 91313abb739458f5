import { dateFormatter } from "../dates.ts";
import { illegalArgument, notSupported, OpenSearchError } from "../errors.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { and } from "../query/clause.ts";
import { compileQuery } from "../query/compile.ts";
import { type FieldTarget, listValues, valuesFrom, withField } from "./bucket-source.ts";
import { type Aggregate, checkAggregation, fieldOf, type Target } from "./node.ts";

const DAY = 86_400_000;
const MAX_BUCKETS = 65_535;
const PARAMETERS = ["field", "calendar_interval", "format", "min_doc_count", "order", "time_zone"];

type Interval = { startOf(day: Date): number; next(start: Date): number };
const utc = Date.UTC;
const MONTH: Interval = {
  startOf: (date) => utc(date.getUTCFullYear(), date.getUTCMonth()),
  next: (date) => utc(date.getUTCFullYear(), date.getUTCMonth() + 1),
};
const DAYS: Interval = { startOf: (date) => date.getTime(), next: (date) => date.getTime() + DAY };
const YEAR: Interval = {
  startOf: (date) => utc(date.getUTCFullYear(), 0),
  next: (date) => utc(date.getUTCFullYear() + 1, 0),
};
const INTERVALS: Record<string, Interval> = {
  day: DAYS,
  "1d": DAYS,
  month: MONTH,
  "1M": MONTH,
  year: YEAR,
  "1y": YEAR,
};

/** How many documents fall into each bucket, by its start; a document with several dates counts once a bucket. */
function countDays(source: FieldTarget, interval: Interval, counts: Map<number, number>): void {
  const { db, multiValued } = source.target.snapshot;
  if (!multiValued.has(source.field.slot)) {
    const days = new Map<number, number>();
    for (const value of listValues(source)) {
      const day = Math.floor(Number(value) / DAY) * DAY;
      days.set(day, (days.get(day) ?? 0) + 1);
    }
    for (const [day, count] of days) {
      const bucket = interval.startOf(new Date(day));
      counts.set(bucket, (counts.get(bucket) ?? 0) + count);
    }
    return;
  }
  // SQLite rounds towards zero, dates before 1970 need rounding down.
  const day = `v.value - (((v.value % ${DAY}) + ${DAY}) % ${DAY})`;
  const from = valuesFrom(source);
  const seen = new Set<string>();
  for (const [start, doc] of db.rows(
    `SELECT DISTINCT ${day}, v.doc ${from.text}`,
    ...from.params,
  )) {
    const bucket = interval.startOf(new Date(Number(start)));
    const key = `${bucket}/${String(doc)}`;
    if (!seen.has(key)) counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    seen.add(key);
  }
}

/** The starts of all buckets between the first and the last one with documents. */
function withoutGaps(starts: number[], interval: Interval): number[] {
  const [first] = starts;
  const last = starts.at(-1);
  if (first === undefined || last === undefined) return [];
  const all: number[] = [];
  for (let start = first; start <= last; start = interval.next(new Date(start))) {
    if (all.length >= MAX_BUCKETS) {
      throw new OpenSearchError(503, {
        type: "too_many_buckets_exception",
        reason: `Trying to create too many buckets. Must be less than or equal to: [${MAX_BUCKETS}] but was [${MAX_BUCKETS + 1}]. This limit can be set by changing the [search.max_buckets] cluster level setting.`,
        max_buckets: MAX_BUCKETS,
      });
    }
    all.push(start);
  }
  return all;
}

function ordered(starts: number[], order: Json | undefined, counts: Map<number, number>): number[] {
  if (order === undefined) return starts;
  const [by, direction] = (isObject(order) && Object.entries(order)[0]) || [];
  const sign = direction === "desc" ? -1 : 1;
  if (by === "_key") return direction === "desc" ? starts.toReversed() : starts;
  if (by !== "_count") throw notSupported(`ordering a date_histogram by [${String(by)}]`);
  return starts.toSorted((a, b) => sign * ((counts.get(a) ?? 0) - (counts.get(b) ?? 0)) || a - b);
}

/** The targets narrowed to the dates from `start` to before `end`. */
function between(targets: Target[], path: string, start: number, end: number): Target[] {
  return targets.map((target) => {
    const query = { range: { [path]: { gte: start, lt: end } } };
    const { where } = compileQuery(query, target.index, target.snapshot);
    return { ...target, base: and([target.base, where]) };
  });
}

/** `date_histogram` by day, month or year, in UTC. */
export const dateHistogram: Aggregate = (node, targets, below) => {
  checkAggregation(node, PARAMETERS);
  const { calendar_interval: unit, time_zone: zone } = node.body;
  if (unit === undefined) {
    throw illegalArgument("Invalid interval specified, must be non-null and non-empty");
  }
  const interval = INTERVALS[String(unit)];
  if (!interval) throw notSupported(`the calendar_interval [${String(unit)}]`);
  if (zone !== undefined && !["UTC", "Z", "+00:00"].includes(String(zone))) {
    throw notSupported(`the time zone [${String(zone)}]`);
  }
  const format = String(node.body.format ?? "strict_date_optional_time");
  const formatter = dateFormatter(format);
  if (!formatter) throw notSupported(`the date format [${format}]`);
  const minimum = Number(node.body.min_doc_count ?? 0);
  const path = fieldOf(node);
  const counts = new Map<number, number>();
  for (const source of withField(targets, path)) {
    if (source.field.type !== "date")
      throw notSupported(`a date_histogram over [${path}], which is no date`);
    countDays(source, interval, counts);
  }
  const filled = [...counts.keys()].sort((a, b) => a - b);
  const starts = minimum === 0 ? withoutGaps(filled, interval) : filled;
  const kept = starts.filter((start) => (counts.get(start) ?? 0) >= minimum);
  const buckets = ordered(kept, node.body.order, counts).map((start): JsonObject => {
    const part = () => below(between(targets, path, start, interval.next(new Date(start))));
    return {
      key_as_string: formatter(start),
      key: start,
      doc_count: counts.get(start) ?? 0,
      ...(node.children.length > 0 ? part() : {}),
    };
  });
  return { buckets };
};
