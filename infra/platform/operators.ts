import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../components/names.ts";
import { allow } from "../components/statement.ts";

/** How the names of queues end that hold what could not be handled: of consumers, of rules, of relays. */
const LETTER_QUEUES = ["-dlq", "-undeliverable", "-relay-failed"];

/**
 * What `npm run ops` does with AWS itself, and no more: look at queues and dead letters, put them back or
 * throw them away, ask how the search domain is. What it asks of a service is in that service's own policy.
 * It is attached to nobody; whoever runs the account gives it to people and roles.
 */
export function createOperators(domain: aws.opensearch.Domain): void {
  const region = aws.getRegionOutput().region;
  const account = aws.getCallerIdentityOutput().accountId;
  const queues = (name: string) =>
    pulumi.interpolate`arn:aws:sqs:${region}:${account}:shoebox-${pulumi.getStack()}-${name}`;
  new aws.iam.Policy("operators", {
    name: resourceName("platform", "operators"),
    description: "What those who run Shoebox do by npm run ops",
    policy: allow([
      // Only what could not be handled is read and thrown away: live messages tell of people's pictures.
      {
        actions: [
          "sqs:GetQueueAttributes",
          "sqs:ReceiveMessage",
          "sqs:ChangeMessageVisibility",
          "sqs:DeleteMessage",
        ],
        resources: LETTER_QUEUES.map((suffix) => queues(`*${suffix}`)),
      },
      // Put back into the queue that it failed in.
      { actions: ["sqs:GetQueueUrl", "sqs:SendMessage"], resources: [queues("*")] },
      { actions: ["es:DescribeDomain", "es:DescribeDomainHealth"], resources: [domain.arn] },
      // Neither knows resources.
      { actions: ["sqs:ListQueues", "es:ListDomainNames"], resources: ["*"] },
    ]),
  });
}
