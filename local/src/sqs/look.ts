import type { Message } from "@aws-sdk/client-sqs";
import type { MessageAttributes } from "./message-attributes.ts";
import { noSuchQueue } from "./sqs-error.ts";
import type { QueueStore } from "./store.ts";

/** How many messages a queue holds. */
export interface Depth {
  queueArn: string;
  /** To be received now or after a delay. */
  waiting: number;
  /** Received, and neither deleted nor given back. */
  inFlight: number;
}

/** How full all queues are, in one look; those that are empty are left out. */
export function depths(store: QueueStore): Depth[] {
  const rows = store.all(
    `SELECT queue, count(*) AS all_of_it, count(*) FILTER (WHERE visible_at > ? AND receipt IS NOT NULL) AS held
     FROM messages GROUP BY queue`,
    store.now,
  );
  return rows.flatMap(({ queue, all_of_it, held }) => {
    const queueArn = store.find(String(queue))?.arn;
    if (queueArn === undefined) return [];
    return [{ queueArn, waiting: Number(all_of_it) - Number(held), inFlight: Number(held) }];
  });
}

/**
 * What lies in a queue, the newest first, as ReceiveMessage would tell it, but without receiving it: nothing is hidden
 * from a consumer and no receive is counted. `containing` is a text that the body must have in it.
 *
 * @throws SqsError when there is no such queue
 */
export function look(
  store: QueueStore,
  queueArn: string,
  { most, containing = "" }: { most: number; containing?: string },
): Message[] {
  const queue = store.byArn(queueArn);
  if (!queue) throw noSuchQueue(queueArn);
  const rows = store.all(
    `SELECT id, body, attributes, sent_at, receives, dead_from FROM messages
     WHERE queue = ? AND (? = '' OR instr(body, ?) > 0) ORDER BY seq DESC LIMIT ?`,
    queue.name,
    containing,
    containing,
    most,
  );
  return rows.map((row) => ({
    MessageId: String(row.id),
    Body: String(row.body),
    MessageAttributes: JSON.parse(String(row.attributes)) as MessageAttributes as never,
    Attributes: {
      SentTimestamp: String(row.sent_at),
      ApproximateReceiveCount: String(row.receives),
      ...(row.dead_from !== null && { DeadLetterQueueSourceArn: String(row.dead_from) }),
    },
  }));
}
