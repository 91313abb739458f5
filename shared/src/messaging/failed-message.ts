import type { SQSRecord } from "aws-lambda";
import type { Logger } from "../log.ts";
import { measure } from "../metrics.ts";
import type { DeadLetters } from "./dead-letter.ts";
import { MAX_RECEIVES } from "./work-queue.ts";

/**
 * What becomes of a message that failed: true when it was set aside and is done with, false when it
 * goes back to its queue. It is set aside the last time that the queue would hand it out; if that
 * fails too, SQS moves it, without its reason.
 */
export async function giveUpAtLast(
  record: SQSRecord,
  error: unknown,
  { log, deadLetters }: { log: Logger; deadLetters?: DeadLetters },
): Promise<boolean> {
  const receiveCount = Number(record.attributes.ApproximateReceiveCount);
  const about = { err: error, messageId: record.messageId, receiveCount };
  if (!deadLetters || receiveCount < MAX_RECEIVES) {
    log.error(about, "a message failed and goes back to its queue");
    return false;
  }
  try {
    await deadLetters.setAside(record, error instanceof Error ? error.message : String(error));
    log.error(about, "a message failed for the last time and is a dead letter now");
    measure(log, { EventsSetAside: 1 });
    return true;
  } catch (trouble) {
    log.error({ ...about, trouble }, "a message failed and can't be set aside either");
    return false;
  }
}
