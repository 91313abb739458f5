import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { resourceName } from "./names.ts";
import type { ServiceFunction } from "./service-function.ts";
import type { Table } from "./table.ts";
import { WorkQueue } from "./work-queue.ts";

/** A stream keeps changes for a day; the relay tries until shortly before they vanish. */
const MAXIMUM_AGE_SECONDS = 82_800;

/**
 * The one way out for events: the table's stream into the relay function, in order and without
 * skipping. What can't be relayed in time is told to a queue that alarms; the item itself is still
 * in the table, from which it is published again. Changes that were set aside come back through a
 * queue of their own, when somebody puts them there.
 */
export class Relay extends pulumi.ComponentResource {
  /** By which changes come back that were set aside. */
  readonly again: WorkQueue;

  constructor(
    name: string,
    args: {
      table: Table;
      fn: ServiceFunction;
      /** Where changes go that can't be relayed. */
      failed: aws.sqs.Queue;
      service: string;
      /** The topic of its alarms. */
      alarmTopic: pulumi.Input<string>;
    },
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("shoebox:index:Relay", name, {}, options);
    const parent = { parent: this };
    const again = new WorkQueue(
      `${name}-again`,
      {
        physicalName: resourceName(args.service, `${name}-again`),
        visibilityTimeoutSeconds: args.fn.timeout * 6,
        service: args.service,
        alarmTopic: args.alarmTopic,
      },
      parent,
    );
    this.again = again;
    args.fn.grant(`${name}-source`, [
      {
        actions: [
          "dynamodb:DescribeStream",
          "dynamodb:GetRecords",
          "dynamodb:GetShardIterator",
          "dynamodb:ListStreams",
        ],
        resources: [args.table.table.streamArn],
      },
      { actions: ["sqs:SendMessage"], resources: [args.failed.arn] },
      {
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        resources: [again.queue.arn],
      },
      { actions: ["sqs:GetQueueUrl", "sqs:SendMessage"], resources: [again.deadLetters.arn] },
    ]);
    new aws.lambda.EventSourceMapping(
      `${name}-again`,
      {
        eventSourceArn: again.queue.arn,
        functionName: args.fn.fn.arn,
        batchSize: 1,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: 2 },
      },
      parent,
    );
    new aws.lambda.EventSourceMapping(
      name,
      {
        eventSourceArn: args.table.table.streamArn,
        functionName: args.fn.fn.arn,
        startingPosition: "TRIM_HORIZON",
        batchSize: 100,
        maximumBatchingWindowInSeconds: 0,
        functionResponseTypes: ["ReportBatchItemFailures"],
        bisectBatchOnFunctionError: true,
        maximumRecordAgeInSeconds: MAXIMUM_AGE_SECONDS,
        maximumRetryAttempts: 10_000,
        destinationConfig: { onFailure: { destinationArn: args.failed.arn } },
      },
      parent,
    );
    this.registerOutputs({});
  }
}
