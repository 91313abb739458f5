import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/names.ts";

/** The bus all services meet on, and the archive from which the search index can be rebuilt. */
export function createBus(): aws.cloudwatch.EventBus {
  const bus = new aws.cloudwatch.EventBus("events", { name: resourceName("platform", "events") });
  new aws.cloudwatch.EventArchive("events", {
    name: resourceName("platform", "events"),
    eventSourceArn: bus.arn,
    retentionDays: new pulumi.Config().requireNumber("archiveDays"),
    // What was replayed once is not archived again.
    eventPattern: JSON.stringify({ "replay-name": [{ exists: false }] }),
  });
  return bus;
}
