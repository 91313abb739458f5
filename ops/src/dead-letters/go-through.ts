import { setTimeout as pause } from "node:timers/promises";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type Letter, letterOf } from "./letter.ts";
import type { LetterQueue } from "./queues.ts";

export interface Wish {
  /** Letters at most; all without. */
  limit?: number;
  /** Only those whose reason has this in it. */
  reason?: string;
}

/** Seconds that a letter is kept from others while it is looked at; one that is left comes back then at the latest. */
const HELD = 120;

/**
 * Goes through the letters that were in the queue when it began, each once: what `act` says is done
 * with has gone by then, the rest is given back. A letter that comes back while this runs, because
 * it failed again, is not met a second time.
 */
export async function goThrough(
  sqs: SQSClient,
  queue: LetterQueue,
  { limit = Number.POSITIVE_INFINITY, reason }: Wish,
  act: (letter: Letter) => Promise<"gone" | "kept">,
): Promise<void> {
  const began = Date.now();
  const kept: string[] = [];
  const met = new Set<string>();
  let acted = 0;
  try {
    while (acted < limit) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue.url,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: HELD,
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ["SentTimestamp", "ApproximateReceiveCount"],
          MessageAttributeNames: ["All"],
        }),
      );
      const fresh = Messages.filter(({ MessageId = "", Attributes }) => {
        const later = Number(Attributes?.SentTimestamp ?? 0) > began;
        return !later && !met.has(MessageId);
      });
      for (const message of Messages) {
        if (!fresh.includes(message)) kept.push(message.ReceiptHandle ?? "");
      }
      for (const message of fresh) {
        met.add(message.MessageId ?? "");
        const letter = letterOf(message, Date.now());
        const wanted = acted < limit && (reason === undefined || letter.reason.includes(reason));
        if (wanted) acted += 1;
        const end = wanted ? await act(letter) : "kept";
        if (end === "kept") kept.push(message.ReceiptHandle ?? "");
      }
      // Nothing but what was met before: the rest is what we hold.
      if (fresh.length === 0) break;
    }
  } finally {
    await giveBack(sqs, queue, kept);
  }
}

/** Moves a letter back to where it failed. First it is there, then it is not here: twice is harmless, never is not. */
export async function redrive(sqs: SQSClient, queue: LetterQueue, letter: Letter): Promise<void> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue.target }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: letter.message.Body ?? "" }));
  await discard(sqs, queue, letter);
}

export async function discard(sqs: SQSClient, queue: LetterQueue, letter: Letter): Promise<void> {
  const { ReceiptHandle } = letter.message;
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));
}

/** Keeps calls apart so that at most so many happen in a second. */
export function paced(perSecond: number): () => Promise<void> {
  let next = performance.now();
  return async () => {
    const wait = next - performance.now();
    next = Math.max(next, performance.now()) + 1_000 / perSecond;
    if (wait > 0) await pause(wait);
  };
}

async function giveBack(sqs: SQSClient, queue: LetterQueue, handles: string[]): Promise<void> {
  for (let from = 0; from < handles.length; from += 10) {
    const Entries = handles.slice(from, from + 10).map((ReceiptHandle, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queue.url, Entries }));
  }
}
