import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  deadLetterQueueOf,
  MAX_RECEIVES,
  MOST_RECEIVES,
} from "@shoebox/shared/messaging/work-queue";
import { alarm } from "./alarm.ts";

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
      service: string;
      /** The topic of its alarms. */
      alarmTopic: pulumi.Input<string>;
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
    alarmOnLetters(name, this.deadLetters, args, { parent: this });
    alarm(
      `${name}-age`,
      {
        service: args.service,
        says: "Messages wait for more than a quarter of an hour: their consumer fails or is too slow.",
        runbook: "queue-age",
        namespace: "AWS/SQS",
        metric: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: this.queue.name },
        statistic: "Maximum",
        above: 900,
        periods: 2,
        topic: args.alarmTopic,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/** One dead letter is one too many: something was accepted and is not done. */
export function alarmOnLetters(
  name: string,
  deadLetters: aws.sqs.Queue,
  args: { service: string; alarmTopic: pulumi.Input<string> },
  options: pulumi.CustomResourceOptions,
): void {
  alarm(
    `${name}-dead-letters`,
    {
      service: args.service,
      says: "Messages were given up on and wait for somebody to look at them.",
      runbook: "dead-letters",
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: deadLetters.name },
      statistic: "Maximum",
      above: 0,
      topic: args.alarmTopic,
    },
    options,
  );
}
