import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const FOURTEEN_DAYS = 1_209_600;

/**
 * A queue with its dead-letter queue. A message is tried five times (AWS advises at least five for a
 * Lambda consumer); what fails for good is kept for fourteen days, the longest there is.
 */
export class WorkQueue extends pulumi.ComponentResource {
  readonly queue: aws.sqs.Queue;
  readonly deadLetters: aws.sqs.Queue;

  constructor(
    name: string,
    args: { physicalName: string; visibilityTimeoutSeconds: number },
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("shoebox:index:WorkQueue", name, args, options);
    this.deadLetters = new aws.sqs.Queue(
      `${name}-dlq`,
      {
        name: `${args.physicalName}-dlq`,
        messageRetentionSeconds: FOURTEEN_DAYS,
        sqsManagedSseEnabled: true,
      },
      { parent: this },
    );
    this.queue = new aws.sqs.Queue(
      name,
      {
        name: args.physicalName,
        visibilityTimeoutSeconds: args.visibilityTimeoutSeconds,
        messageRetentionSeconds: FOURTEEN_DAYS,
        receiveWaitTimeSeconds: 20,
        sqsManagedSseEnabled: true,
        redrivePolicy: pulumi.jsonStringify({
          deadLetterTargetArn: this.deadLetters.arn,
          maxReceiveCount: 5,
        }),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
