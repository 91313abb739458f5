import type { Action } from "./action.ts";
import { type BatchEntry, batchEntries, eachEntry } from "./batch.ts";
import { invalidValue, SqsError } from "./sqs-error.ts";
import type { Queue, QueueStore } from "./store.ts";

const RECEIPT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface VisibilityEntry extends BatchEntry {
  ReceiptHandle?: string;
  VisibilityTimeout?: number;
}

export const deleteMessage: Action = (request, { store }) =>
  settle(store, store.byUrl(request.QueueUrl), request.ReceiptHandle);

export const deleteMessageBatch: Action = (request, { store }) => {
  const queue = store.byUrl(request.QueueUrl);
  return eachEntry(batchEntries<BatchEntry & { ReceiptHandle?: string }>(request), (entry) =>
    settle(store, queue, entry.ReceiptHandle),
  );
};

/** Only the latest receipt of a message deletes it; an older one, or one of a message that is gone, succeeds without an effect. */
function settle(store: QueueStore, queue: Queue, receipt: unknown): Record<string, unknown> {
  store.run("DELETE FROM messages WHERE receipt = ? AND queue = ?", receiptOf(receipt), queue.name);
  return {};
}

export const changeMessageVisibility: Action = (request, { store, arrivals }) => {
  const queue = store.byUrl(request.QueueUrl);
  changeVisibility(store, queue, request.ReceiptHandle, request.VisibilityTimeout);
  arrivals.announce(queue.name);
  return {};
};

export const changeMessageVisibilityBatch: Action = (request, { store, arrivals }) => {
  const queue = store.byUrl(request.QueueUrl);
  const answer = eachEntry(batchEntries<VisibilityEntry>(request), (entry) => {
    changeVisibility(store, queue, entry.ReceiptHandle, entry.VisibilityTimeout);
    return {};
  });
  arrivals.announce(queue.name);
  return answer;
};

function changeVisibility(
  store: QueueStore,
  queue: Queue,
  receipt: unknown,
  seconds: unknown,
): void {
  if (!Number.isInteger(seconds) || Number(seconds) < 0 || Number(seconds) > 43_200) {
    throw invalidValue(
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: must be between 0 and 43200.`,
    );
  }
  const now = store.now;
  const changed = store.run(
    "UPDATE messages SET visible_at = ? WHERE receipt = ? AND queue = ? AND visible_at > ?",
    now + Number(seconds) * 1000,
    receiptOf(receipt),
    queue.name,
    now,
  );
  if (changed === 0) {
    throw new SqsError(
      "MessageNotInflight",
      "The message does not exist or is not available for visibility timeout change.",
      "AWS.SimpleQueueService.MessageNotInflight",
    );
  }
}

function receiptOf(value: unknown): string {
  if (typeof value === "string" && RECEIPT.test(value)) return value;
  throw new SqsError(
    "ReceiptHandleIsInvalid",
    `The input receipt handle "${String(value)}" is not a valid receipt handle.`,
  );
}
