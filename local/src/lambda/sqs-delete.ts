import { DeleteMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import type { Logger } from "pino";
import { growingPause, pause } from "./pause.ts";

const ENTRIES_PER_CALL = 10;
const ATTEMPTS = 5;

/**
 * Deletes messages that were worked on. What cannot be deleted after a few attempts comes again after its visibility
 * timeout, which at-least-once delivery allows; it is logged.
 */
export async function deleteMessages(
  sqs: SQSClient,
  queueUrl: string,
  records: SQSRecord[],
  log: Logger,
): Promise<void> {
  const chunks: Promise<void>[] = [];
  for (let start = 0; start < records.length; start += ENTRIES_PER_CALL) {
    const chunk = records.slice(start, start + ENTRIES_PER_CALL);
    chunks.push(deleteChunk(sqs, queueUrl, chunk, log));
  }
  await Promise.all(chunks);
}

async function deleteChunk(
  sqs: SQSClient,
  queueUrl: string,
  chunk: SQSRecord[],
  log: Logger,
): Promise<void> {
  let entries = chunk.map((record, index) => ({
    Id: String(index),
    ReceiptHandle: record.receiptHandle,
  }));
  let reason: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      const answer = await sqs.send(
        new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }),
      );
      const failed = answer.Failed ?? [];
      if (failed.length === 0) return;
      reason = failed;
      // A fault of the sender (a stale receipt handle) stays one, however often it is sent.
      const again = new Set(failed.filter((entry) => !entry.SenderFault).map((entry) => entry.Id));
      entries = entries.filter((entry) => again.has(entry.Id));
      if (entries.length === 0) break;
    } catch (error) {
      reason = error;
    }
    await pause(growingPause(attempt, 50, 1000), new AbortController().signal);
  }
  log.warn({ queueUrl, reason }, "messages could not be deleted and will be delivered again");
}
