import { validation } from "./errors.ts";

/** Builds and reads the ARNs of one account in one region. */
export interface Arns {
  region: string;
  accountId: string;
  bus(name: string): string;
  /** Rules of the default bus have no bus in their ARN. */
  rule(bus: string, name: string): string;
  archive(name: string): string;
  replay(name: string): string;
  /** The name of a bus given by its name or ARN. Throws ValidationException on an ARN of something else or somewhere else. */
  busName(nameOrArn: string): string;
  /** The name of an archive given by its ARN. */
  archiveName(arn: string): string;
}

export const DEFAULT_BUS = "default";

export function arnsOf(region: string, accountId: string): Arns {
  const base = `arn:aws:events:${region}:${accountId}`;
  const nameAfter = (prefix: string, arn: string, what: string) => {
    if (!arn.startsWith(prefix)) {
      throw validation(`Parameter ${what} is not valid. Reason: ${arn} does not begin ${prefix}`);
    }
    return arn.slice(prefix.length);
  };
  return {
    region,
    accountId,
    bus: (name) => `${base}:event-bus/${name}`,
    rule: (bus, name) =>
      bus === DEFAULT_BUS ? `${base}:rule/${name}` : `${base}:rule/${bus}/${name}`,
    archive: (name) => `${base}:archive/${name}`,
    replay: (name) => `${base}:replay/${name}`,
    busName: (nameOrArn) =>
      nameOrArn.startsWith("arn:")
        ? nameAfter(`${base}:event-bus/`, nameOrArn, "EventBusName")
        : nameOrArn,
    archiveName: (arn) => nameAfter(`${base}:archive/`, arn, "EventSourceArn"),
  };
}

/** Whether the ARN is that of a standard SQS queue, of any account and region. */
export function isStandardQueue(arn: string): boolean {
  return /^arn:aws:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}$/.test(arn);
}
