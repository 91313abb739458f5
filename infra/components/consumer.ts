import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RulePattern } from "@shoebox/shared/events/define";
import { resourceName } from "./names.ts";
import type { ServiceFunction } from "./service-function.ts";
import { allowService } from "./statement.ts";
import { alarmOnLetters, WorkQueue } from "./work-queue.ts";

/** When a function is called: by events of a bus that fit a pattern, or by the clock. */
export type Trigger =
  | { busName: pulumi.Input<string>; pattern: pulumi.Input<RulePattern> }
  | { schedule: string };

export interface ConsumerArgs {
  service: string;
  trigger: Trigger;
  fn: ServiceFunction;
  /** The topic of its alarms. */
  alarmTopic: pulumi.Input<string>;
  /** Messages in one call of the function; default 10. */
  batchSize?: number;
  /** Seconds to wait for a batch to fill; default 0. */
  batchingWindow?: number;
  /** Calls at the same time; default 10, the least is 2. */
  concurrency?: number;
  /**
   * The function knows by the reason what can never succeed and sets it aside at once, so that all
   * else may be tried for as long as an outage of what it writes to takes.
   */
  outlastsOutages?: boolean;
}

/** Lambda's advice: a message stays invisible for six times as long as the function may run. */
const VISIBILITY_FACTOR = 6;

/**
 * The way of every event and every schedule into a function: rule → queue → function. The queue
 * buffers bursts and outages; it and the rule's target have dead-letter queues of their own, since
 * what EventBridge can't deliver never reaches the queue.
 */
export class Consumer extends pulumi.ComponentResource {
  /** What its function reads. */
  readonly queue: aws.sqs.Queue;
  readonly fn: ServiceFunction;
  /** Where lies what its function, or EventBridge, gave up on. */
  readonly deadLetters: aws.sqs.Queue[];

  constructor(name: string, args: ConsumerArgs, options?: pulumi.ComponentResourceOptions) {
    super("shoebox:index:Consumer", name, {}, options);
    const parent = { parent: this };
    const physicalName = resourceName(args.service, name);

    const { queue, deadLetters } = new WorkQueue(
      name,
      {
        physicalName,
        visibilityTimeoutSeconds: args.fn.timeout * VISIBILITY_FACTOR,
        outlastsOutages: args.outlastsOutages,
        service: args.service,
        alarmTopic: args.alarmTopic,
      },
      parent,
    );
    this.queue = queue;
    this.fn = args.fn;
    const undeliverable = new aws.sqs.Queue(
      `${name}-undeliverable`,
      {
        name: `${physicalName}-undeliverable`,
        messageRetentionSeconds: 1_209_600,
        sqsManagedSseEnabled: true,
      },
      parent,
    );
    this.deadLetters = [deadLetters, undeliverable];
    alarmOnLetters(`${name}-undeliverable`, undeliverable, args, parent);

    const busName = "schedule" in args.trigger ? "default" : args.trigger.busName;
    const rule = new aws.cloudwatch.EventRule(
      name,
      {
        name: physicalName,
        eventBusName: busName,
        ...("schedule" in args.trigger
          ? { scheduleExpression: args.trigger.schedule }
          : { eventPattern: pulumi.jsonStringify(args.trigger.pattern) }),
      },
      parent,
    );
    for (const [target, own] of [
      ["queue", queue],
      ["undeliverable", undeliverable],
    ] as const) {
      new aws.sqs.QueuePolicy(
        `${name}-${target}`,
        {
          queueUrl: own.url,
          policy: aws.iam.getPolicyDocumentOutput({
            statements: [
              allowService({
                service: "events.amazonaws.com",
                actions: ["sqs:SendMessage"],
                resources: [own.arn],
                sourceArn: rule.arn,
              }),
            ],
          }).json,
        },
        parent,
      );
    }
    new aws.cloudwatch.EventTarget(
      name,
      {
        rule: rule.name,
        eventBusName: busName,
        targetId: "queue",
        arn: queue.arn,
        deadLetterConfig: { arn: undeliverable.arn },
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
      },
      parent,
    );

    args.fn.grant(`${name}-source`, [
      {
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        resources: [queue.arn],
      },
      // What fails for the last time is put there with its reason.
      { actions: ["sqs:GetQueueUrl", "sqs:SendMessage"], resources: [deadLetters.arn] },
    ]);
    new aws.lambda.EventSourceMapping(
      name,
      {
        eventSourceArn: queue.arn,
        functionName: args.fn.fn.arn,
        batchSize: args.batchSize ?? 10,
        maximumBatchingWindowInSeconds: args.batchingWindow ?? 0,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: args.concurrency ?? 10 },
      },
      parent,
    );
    this.registerOutputs({ queue: queue.name, deadLetters: deadLetters.name });
  }
}
