import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/names.ts";
import { allow } from "../components/statement.ts";

/**
 * What `npm run ops` does with AWS itself, and no more: look at queues and dead letters, put them back or
 * throw them away, ask how the search domain is. What it asks of a service is in that service's own policy.
 * It is attached to nobody; whoever runs the account gives it to people and roles.
 */
export function createOperators(domain: aws.opensearch.Domain): void {
  const region = aws.getRegionOutput().region;
  const account = aws.getCallerIdentityOutput().accountId;
  new aws.iam.Policy("operators", {
    name: resourceName("platform", "operators"),
    description: "What those who run Shoebox do by npm run ops",
    policy: allow([
      {
        actions: [
          "sqs:GetQueueUrl",
          "sqs:GetQueueAttributes",
          "sqs:ReceiveMessage",
          "sqs:ChangeMessageVisibility",
          "sqs:SendMessage",
          "sqs:DeleteMessage",
        ],
        resources: [
          pulumi.interpolate`arn:aws:sqs:${region}:${account}:shoebox-${pulumi.getStack()}-*`,
        ],
      },
      { actions: ["es:DescribeDomain", "es:DescribeDomainHealth"], resources: [domain.arn] },
      // Neither knows resources.
      { actions: ["sqs:ListQueues", "es:ListDomainNames"], resources: ["*"] },
    ]),
  });
}
