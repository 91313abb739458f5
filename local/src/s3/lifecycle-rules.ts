import { invalidArgument, malformedXml, S3Error } from "./s3-error.ts";
import type { Tags } from "./versions.ts";
import { childOf, childrenOf, textOf, type XmlElement } from "./xml.ts";

/** One enabled rule, with what this S3 applies of it; transitions are only kept as text. */
export interface LifecycleRule {
  prefix: string;
  tags: Tags;
  largerThan: number;
  smallerThan: number;
  expireDays: number | undefined;
  /** Milliseconds. */
  expireDate: number | undefined;
  expireMarkers: boolean;
  noncurrentDays: number | undefined;
  keepNoncurrent: number;
  abortDays: number | undefined;
}

/** Reads a LifecycleConfiguration. @throws S3Error MalformedXML, InvalidArgument, InvalidRequest */
export function parseLifecycle(root: XmlElement): LifecycleRule[] {
  const rules = childrenOf(root, "Rule");
  if (rules.length === 0 || rules.length > 1000) throw malformedXml();
  return rules.flatMap((rule) => {
    const status = textOf(rule, "Status");
    if (status !== "Enabled" && status !== "Disabled") throw malformedXml();
    const parsed = parseRule(rule);
    return status === "Enabled" ? [parsed] : [];
  });
}

function parseRule(rule: XmlElement): LifecycleRule {
  const filter = childOf(rule, "Filter");
  const scope = childOf(filter, "And") ?? filter;
  const expiration = childOf(rule, "Expiration");
  const noncurrent = childOf(rule, "NoncurrentVersionExpiration");
  const date = textOf(expiration, "Date");
  if (date !== undefined && Number.isNaN(Date.parse(date))) throw malformedXml();
  const tags = childrenOf(scope, "Tag").map((tag): Tags[number] => [
    textOf(tag, "Key") ?? "",
    textOf(tag, "Value") ?? "",
  ]);
  const abortDays = days(childOf(rule, "AbortIncompleteMultipartUpload"), "DaysAfterInitiation");
  if (abortDays !== undefined && tags.length > 0) {
    throw new S3Error(
      400,
      "InvalidRequest",
      "AbortIncompleteMultipartUpload cannot be specified with Tags.",
    );
  }
  return {
    prefix: textOf(scope, "Prefix") ?? textOf(rule, "Prefix") ?? "",
    tags,
    largerThan: Number(textOf(scope, "ObjectSizeGreaterThan") ?? -1),
    smallerThan: Number(textOf(scope, "ObjectSizeLessThan") ?? Number.POSITIVE_INFINITY),
    expireDays: days(expiration, "Days"),
    expireDate: date === undefined ? undefined : Date.parse(date),
    expireMarkers: textOf(expiration, "ExpiredObjectDeleteMarker") === "true",
    noncurrentDays: days(noncurrent, "NoncurrentDays"),
    keepNoncurrent: Number(textOf(noncurrent, "NewerNoncurrentVersions") ?? 0),
    abortDays,
  };
}

function days(element: XmlElement | undefined, name: string): number | undefined {
  const text = textOf(element, name);
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text.trim())) {
    throw invalidArgument(
      `'${name}' for the lifecycle action must be a positive integer`,
      name,
      text,
    );
  }
  return Number(text);
}
