import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  deadLetterQueueOf,
  MAX_RECEIVES,
  MOST_RECEIVES,
} from "@shoebox/shared/messaging/work-queue";

const FOURTEEN_DAYS = 1_209_600;

/**
 * A queue with its dead-letter queue. A message is tried as often as its consumer counts; what
 * fails for good is kept for fourteen days, the longest there is.
 */
export class WorkQueue extends pulumi.ComponentResource {
  readonly queue: aws.sqs.Queue;
  readonly deadLetters: aws.sqs.Queue;

  constructor(
    name: string,
    args: {
      physicalName: string;
      visibilityTimeoutSeconds: number;
      outlastsOutages?: boolean;
    },
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("shoebox:index:WorkQueue", name, args, options);
    this.deadLetters = new aws.sqs.Queue(
      `${name}-dlq`,
      {
        name: deadLetterQueueOf(args.physicalName),
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
          maxReceiveCount: args.outlastsOutages ? MOST_RECEIVES : MAX_RECEIVES,
        }),
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
