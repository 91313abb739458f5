import { randomUUID } from "node:crypto";
import type { Action } from "./action.ts";
import { invalidValue, notSupported, SqsError } from "./sqs-error.ts";
import type { Queue, QueueStore } from "./store.ts";

/**
 * Moves what lies in a dead-letter queue back to where it came from, or to one destination. Moved messages are new
 * ones, as on AWS: another id, another time of sending, no receives. It is done when the answer comes.
 */
export const startMessageMoveTask: Action = (request, { store, arrivals }) => {
  if (request.MaxNumberOfMessagesPerSecond !== undefined) {
    throw notSupported("MaxNumberOfMessagesPerSecond (a move task is done at once)");
  }
  const source = queueOf(store, request.SourceArn);
  const isDeadLetterQueue = store
    .queues()
    .some((q) => q.attributes.RedrivePolicy?.includes(`"${source.arn}"`));
  if (!isDeadLetterQueue)
    throw invalidValue("Source queue must be configured as a Dead Letter Queue.");
  const destination =
    request.DestinationArn === undefined ? undefined : queueOf(store, request.DestinationArn);
  const TaskHandle = randomUUID();
  const targets = store.transaction(() => {
    const rows = store.all(
      "SELECT seq, dead_from FROM messages WHERE queue = ? AND visible_at <= ?",
      source.name,
      store.now,
    );
    const moved = rows.flatMap(({ seq, dead_from }) => {
      const target = destination ?? store.byArn(String(dead_from));
      if (!target) return [];
      store.run(
        `UPDATE messages SET queue = ?, id = ?, sent_at = ?, visible_at = ?, receives = 0, first_received_at = NULL,
           receipt = NULL, dead_from = NULL WHERE seq = ?`,
        target.name,
        randomUUID(),
        store.now,
        store.now,
        Number(seq),
      );
      return [target.name];
    });
    // A message that was sent to the dead-letter queue directly has no source: AWS fails the task with this reason.
    const failure = moved.length < rows.length ? "CouldNotDetermineMessageSource" : null;
    store.run(
      "INSERT INTO move_tasks VALUES (?, ?, ?, ?, ?, ?, ?)",
      TaskHandle,
      source.arn,
      destination?.arn ?? null,
      store.now,
      rows.length,
      moved.length,
      failure,
    );
    return new Set(moved);
  });
  for (const name of targets) arrivals.announce(name);
  return { TaskHandle };
};

export const listMessageMoveTasks: Action = (request, { store }) => {
  const source = queueOf(store, request.SourceArn);
  const rows = store.all(
    "SELECT * FROM move_tasks WHERE source = ? ORDER BY rowid DESC LIMIT ?",
    source.arn,
    Number(request.MaxResults ?? 1),
  );
  return {
    Results: rows.map((row) => ({
      Status: row.failure === null ? "COMPLETED" : "FAILED",
      SourceArn: row.source,
      StartedTimestamp: row.started_at,
      ApproximateNumberOfMessagesMoved: row.moved,
      ApproximateNumberOfMessagesToMove: row.to_move,
      ...(row.destination === null ? {} : { DestinationArn: row.destination }),
      ...(row.failure === null ? {} : { FailureReason: row.failure }),
    })),
  };
};

function queueOf(store: QueueStore, arn: unknown): Queue {
  const queue = store.byArn(String(arn));
  if (queue) return queue;
  throw new SqsError(
    "ResourceNotFoundException",
    `The resource that you specified for the ARN ${String(arn)} doesn't exist.`,
  );
}
