import * as aws from "@pulumi/aws";
import { resourceName } from "../components/names.ts";

/** CloudFront's logs are delivered from here, wherever the stack and the bucket are. */
const REGION = "us-east-1";

/** Who fetched what, when, from where and with which result. No query: it has the signature. */
const FIELDS = [
  "date",
  "time",
  "c-ip",
  "cs-method",
  "cs(Host)",
  "cs-uri-stem",
  "sc-status",
  "sc-bytes",
  "sc-content-type",
  "cs(User-Agent)",
  "x-edge-location",
  "x-edge-result-type",
  "x-edge-request-id",
  "time-taken",
  "ssl-protocol",
];

/** The CDN's standard logs (v2), by the hour, into the bucket of access logs. */
export function logCdn(distribution: aws.cloudfront.Distribution, bucket: aws.s3.Bucket): void {
  const region = { region: REGION };
  const name = resourceName("platform", "cdn");
  const source = new aws.cloudwatch.LogDeliverySource("cdn", {
    ...region,
    name,
    logType: "ACCESS_LOGS",
    resourceArn: distribution.arn,
  });
  const destination = new aws.cloudwatch.LogDeliveryDestination("cdn", {
    ...region,
    name,
    outputFormat: "json",
    deliveryDestinationConfiguration: { destinationResourceArn: bucket.arn },
  });
  new aws.cloudwatch.LogDelivery("cdn", {
    ...region,
    deliverySourceName: source.name,
    deliveryDestinationArn: destination.arn,
    recordFields: FIELDS,
    s3DeliveryConfigurations: [
      { suffixPath: "{DistributionId}/{yyyy}/{MM}/{dd}/{HH}", enableHiveCompatiblePath: false },
    ],
  });
}
