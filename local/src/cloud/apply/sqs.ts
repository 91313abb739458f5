import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { applyQueue } from "../../sqs/apply-queue.ts";
import type { Applier } from "./applier.ts";
import { text } from "./inputs.ts";

/** SQS's name of what Pulumi calls by another name. */
const attributeNames: Record<string, string> = {
  visibilityTimeoutSeconds: "VisibilityTimeout",
  messageRetentionSeconds: "MessageRetentionPeriod",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  redrivePolicy: "RedrivePolicy",
};
/** Encryption at rest is the disk's business here. */
const ignored = new Set(["name", "sqsManagedSseEnabled"]);

/** A queue that has a dead-letter queue can be made only when that one is there. */
const queuesWhere = (fits: (redrives: boolean) => boolean): Record<string, Applier> => ({
  "aws:sqs/queue:Queue": async ({ inputs }, { sqs }) => {
    if (!fits("redrivePolicy" in inputs)) return;
    const attributes: Record<string, string> = {};
    for (const [key, value] of Object.entries(inputs)) {
      if (ignored.has(key)) continue;
      const name = attributeNames[key];
      if (!name) throw new Error(`the queue attribute ${key} is not known here`);
      attributes[name] = String(value);
    }
    await applyQueue(sqs, { name: text(inputs.name), attributes });
  },
});

const policies: Record<string, Applier> = {
  "aws:sqs/queuePolicy:QueuePolicy": async ({ inputs }, { sqs }) => {
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: text(inputs.queueUrl),
        Attributes: { Policy: text(inputs.policy) },
      }),
    );
  },
};

export const sqsAppliers = {
  deadLetterQueues: queuesWhere((redrives) => !redrives),
  queues: queuesWhere((redrives) => redrives),
  policies,
};
