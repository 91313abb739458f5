import { BlockList, isIPv4 } from "node:net";
import { CdnError } from "./cdn-error.ts";
import { wildcardMatches } from "./wildcard.ts";

export interface Policy {
  resource: string;
  /** Seconds since the epoch. */
  before: number;
  after: number | undefined;
  /** IPv4 address or CIDR. */
  sourceIp: string | undefined;
}

/** Reads a custom policy; everything that CloudFront's documentation does not describe makes it malformed. */
export function parsePolicy(text: string): Policy {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed();
  }
  const statements = members(document, ["Statement"]).Statement;
  // "You can include only one statement."
  if (!Array.isArray(statements) || statements.length !== 1) throw malformed();
  const { Resource, Condition } = members(statements[0], ["Resource", "Condition"]);
  const condition = members(Condition, ["DateLessThan", "DateGreaterThan", "IpAddress"]);
  if (typeof Resource !== "string" || condition.DateLessThan === undefined) throw malformed();
  return {
    resource: Resource,
    before: epoch(condition.DateLessThan),
    after: condition.DateGreaterThan === undefined ? undefined : epoch(condition.DateGreaterThan),
    sourceIp: condition.IpAddress === undefined ? undefined : sourceIp(condition.IpAddress),
  };
}

/** `url` is the viewer's without CloudFront's own parameters, `now` in milliseconds. */
export function policyAllows(policy: Policy, url: string, clientIp: string, now: number): boolean {
  const seconds = now / 1000;
  if (seconds >= policy.before) return false;
  if (policy.after !== undefined && seconds <= policy.after) return false;
  if (policy.sourceIp !== undefined && !ipMatches(policy.sourceIp, clientIp)) return false;
  return wildcardMatches(policy.resource, url);
}

function members(value: unknown, known: string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed();
  if (Object.keys(value).some((key) => !known.includes(key))) throw malformed();
  return value as Record<string, unknown>;
}

function epoch(value: unknown): number {
  const seconds = members(value, ["AWS:EpochTime"])["AWS:EpochTime"];
  if (!Number.isInteger(seconds)) throw malformed();
  return Number(seconds);
}

function sourceIp(value: unknown): string {
  const range = members(value, ["AWS:SourceIp"])["AWS:SourceIp"];
  const [address = "", bits = "32"] = typeof range === "string" ? range.split("/") : [];
  if (!isIPv4(address) || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) throw malformed();
  return `${address}/${bits}`;
}

function ipMatches(range: string, clientIp: string): boolean {
  const [address = "", bits] = range.split("/");
  const list = new BlockList();
  list.addSubnet(address, Number(bits), "ipv4");
  return isIPv4(clientIp) && list.check(clientIp, "ipv4");
}

function malformed(): CdnError {
  return new CdnError(403, "MalformedPolicy", "Malformed Policy");
}
