import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/names.ts";

/**
 * What the archive leaves out: snapshots are copies of what the catalog has, many times as large as
 * what happens to it, and of use only to the one who asked. A replayed one would be nothing but old.
 */
const SNAPSHOTS = { prefix: "CatalogSnapshot" };

/**
 * The bus all services meet on, the archive from which the search index can be rebuilt, and the registry
 * in which each service says what it publishes.
 */
export function createBus(): {
  bus: aws.cloudwatch.EventBus;
  archive: aws.cloudwatch.EventArchive;
  registry: aws.schemas.Registry;
} {
  const bus = new aws.cloudwatch.EventBus("events", { name: resourceName("platform", "events") });
  const archive = new aws.cloudwatch.EventArchive("events", {
    name: resourceName("platform", "events"),
    eventSourceArn: bus.arn,
    retentionDays: new pulumi.Config().requireNumber("archiveDays"),
    // What was replayed once is not archived again.
    eventPattern: JSON.stringify({
      "replay-name": [{ exists: false }],
      "detail-type": [{ "anything-but": SNAPSHOTS }],
    }),
  });
  const registry = new aws.schemas.Registry("events", {
    name: resourceName("platform", "events"),
    description: "The contracts of what crosses the bus, one schema an event and version",
  });
  return { bus, archive, registry };
}
