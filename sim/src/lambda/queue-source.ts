import { readBatchResponse } from "@shoebox/local/lambda/batch-response";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { systemAttributes } from "../sqs/actions.ts";
import type { Message, Queue } from "../sqs/queue.ts";
import type { Faults } from "../world/faults.ts";
import type { Random } from "../world/random.ts";
import type { Scheduler } from "../world/scheduler.ts";
import type { Functions } from "./functions.ts";
import type { QueueSourceSpec } from "./spec.ts";

/** A queue that calls a function: batches side by side, and what does not succeed comes again by itself. */
export function connectQueue(
  source: QueueSourceSpec,
  world: {
    scheduler: Scheduler;
    random: Random;
    faults: Faults;
    functions: Functions;
    queue: (arn: string) => Queue;
  },
): void {
  const { scheduler, random, faults, functions } = world;
  const queue = world.queue(source.queueArn);
  let running = 0;
  let polls = 0;
  let isWaiting = false;

  function poll(): void {
    if (running + polls >= source.concurrency || queue.visible() === 0) return;
    polls += 1;
    scheduler.after(random.between(1, 20), () => {
      polls -= 1;
      if (faults.isDown("sqs")) {
        pollLater();
        return;
      }
      const messages = queue.receive(source.batchSize);
      if (messages.length === 0) return;
      running += 1;
      void handle(messages).then(() => {
        running -= 1;
        poll();
      });
      poll();
    });
  }

  /** While the queue can't be reached, one who asks now and then is enough. */
  function pollLater(): void {
    if (isWaiting) return;
    isWaiting = true;
    scheduler.after(random.between(10_000, 120_000), () => {
      isWaiting = false;
      poll();
    });
  }

  async function handle(messages: Message[]): Promise<void> {
    const event: SQSEvent = { Records: messages.map((message) => record(message, queue)) };
    const receipts = new Map(messages.map(({ id, receipt }) => [id, receipt ?? ""]));
    const outcome = await functions.call(source.functionArn, event);
    if (outcome.kind !== "answered") return;
    const verdict = readBatchResponse(outcome.payload, new Set(receipts.keys()));
    if (verdict.allFailed) return;
    for (const [id, receipt] of receipts) {
      // A message that is deleted may come again all the same: a server of SQS was away.
      if (verdict.failed.has(id) || faults.isTwice()) continue;
      queue.delete(receipt);
    }
  }

  queue.consumeBy(poll);
}

function record(message: Message, queue: Queue): SQSRecord {
  return {
    messageId: message.id,
    receiptHandle: message.receipt ?? "",
    body: message.body,
    attributes: systemAttributes(message) as unknown as SQSRecord["attributes"],
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: queue.spec.arn,
    awsRegion: "us-east-1",
  };
}
