import type { Action, ActionContext } from "./action.ts";
import { attributesMd5, type MessageAttributes, wantedAttributes } from "./message-attributes.ts";
import { invalidValue, noSuchQueue } from "./sqs-error.ts";
import type { Queue, StoredMessage } from "./store.ts";

export const receiveMessage: Action = async (request, context) => {
  const queue = context.store.byUrl(request.QueueUrl);
  const most = within(request, "MaxNumberOfMessages", 1, 1, 10);
  const visibility = within(
    request,
    "VisibilityTimeout",
    Number(queue.attributes.VisibilityTimeout),
    0,
    43_200,
  );
  const wait = within(
    request,
    "WaitTimeSeconds",
    Number(queue.attributes.ReceiveMessageWaitTimeSeconds),
    0,
    20,
  );
  const messages = await poll(context, queue, most, visibility * 1000, wait * 1000);
  const names = (request.MessageAttributeNames ?? []) as string[];
  const systemNames = [
    ...((request.AttributeNames ?? []) as string[]),
    ...((request.MessageSystemAttributeNames ?? []) as string[]),
  ];
  return messages.length === 0
    ? {}
    : { Messages: messages.map((message) => told(message, names, systemNames)) };
};

/** Waits until there is a message, its time is over, or nobody listens any more: a message is never taken for a client that left. */
async function poll(
  { store, arrivals, signal }: ActionContext,
  { name }: Queue,
  most: number,
  visibilityMs: number,
  waitMs: number,
): Promise<StoredMessage[]> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    if (signal.aborted) return [];
    // Looked up again each time: its attributes may have changed, and it may be gone, while we waited.
    const queue = store.find(name);
    if (!queue) throw noSuchQueue(name);
    const { messages, moved } = store.take(queue, most, visibilityMs);
    for (const deadLetters of moved) arrivals.announce(deadLetters);
    const left = deadline - performance.now();
    if (messages.length > 0 || left <= 0) return messages;
    const next = store.nextVisible(queue);
    await arrivals.wait(name, next === undefined ? left : Math.min(left, next - store.now), signal);
  }
}

function told(
  message: StoredMessage,
  names: string[],
  systemNames: string[],
): Record<string, unknown> {
  const attributes = wantedAttributes(JSON.parse(message.attributes) as MessageAttributes, names);
  const any = Object.keys(attributes).length > 0;
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: message.md5,
    ...(any
      ? { MessageAttributes: attributes, MD5OfMessageAttributes: attributesMd5(attributes) }
      : {}),
    ...(systemNames.length > 0 ? { Attributes: systemAttributes(message, systemNames) } : {}),
  };
}

function systemAttributes(message: StoredMessage, names: string[]): Record<string, string> {
  const all: Record<string, string | null> = {
    SenderId: "000000000000",
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.deadFrom,
  };
  const wanted = Object.entries(all).filter(
    ([name]) => names.includes("All") || names.includes(name),
  );
  return Object.fromEntries(
    wanted.flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

function within(
  request: Record<string, unknown>,
  name: string,
  absent: number,
  least: number,
  most: number,
): number {
  const value = request[name] ?? absent;
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)
    return Number(value);
  throw invalidValue(
    `Value ${value} for parameter ${name} is invalid. Reason: must be between ${least} and ${most}.`,
  );
}
