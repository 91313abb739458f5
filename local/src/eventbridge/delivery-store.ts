import type { Store } from "./store.ts";
import type { Target } from "./target.ts";

/** The stored form of a delivery that is about to be sent. */
export interface Delivery {
  id: number;
  queue_arn: string;
  body: string;
  attributes: string | null;
  rule_arn: string;
  dlq_arn: string | null;
  attempts: number;
  max_retries: number;
  expires_at: number;
}

/** AWS's defaults: a target is retried for 24 hours and up to 185 times. */
const DEFAULT_RETRIES = 185;
const DAY = 86_400_000;

/** The table of what is to be sent. All times in milliseconds. */
export interface DeliveryStore {
  add(target: Target, ruleArn: string, body: string, at: number): void;
  /** The ids of the first deliveries to a queue that are due at this time. */
  due(queueArn: string, at: number, limit: number): number[];
  get(id: number): Delivery;
  /** When the queue's next delivery after this time is due. */
  nextDue(queueArn: string, at: number): number | undefined;
  remove(id: number): void;
  retry(id: number, attempts: number, nextAt: number): void;
  /** Turns a delivery into one to its dead-letter queue, which is tried as long as the default policy says. */
  bury(id: number, attributes: string, at: number): void;
  /** Makes all that wait for a retry to the queue due at this time. */
  hasten(queueArn: string, at: number): void;
  /** The queues that anything is left for. */
  queues(): string[];
}

export function deliveryStore({ prepare }: Store): DeliveryStore {
  return {
    add(target, ruleArn, body, at) {
      const policy = target.RetryPolicy ?? {};
      const age = (policy.MaximumEventAgeInSeconds ?? DAY / 1000) * 1000;
      const retries = policy.MaximumRetryAttempts ?? DEFAULT_RETRIES;
      prepare(
        `INSERT INTO deliveries (queue_arn, body, rule_arn, dlq_arn, max_retries, expires_at, next_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ).run(target.Arn, body, ruleArn, target.DeadLetterConfig?.Arn ?? null, retries, at + age, at);
    },
    due(queueArn, at, limit) {
      return prepare(
        "SELECT id FROM deliveries WHERE queue_arn = ? AND next_at <= ? ORDER BY next_at, id LIMIT ?",
      )
        .all(queueArn, at, limit)
        .map((row) => Number(row.id));
    },
    get(id) {
      return prepare("SELECT * FROM deliveries WHERE id = ?").get(id) as unknown as Delivery;
    },
    nextDue(queueArn, at) {
      const row = prepare(
        "SELECT next_at FROM deliveries WHERE queue_arn = ? AND next_at > ? ORDER BY next_at LIMIT 1",
      ).get(queueArn, at);
      return row === undefined ? undefined : Number(row.next_at);
    },
    remove(id) {
      prepare("DELETE FROM deliveries WHERE id = ?").run(id);
    },
    retry(id, attempts, nextAt) {
      prepare("UPDATE deliveries SET attempts = ?, next_at = ? WHERE id = ?").run(
        attempts,
        nextAt,
        id,
      );
    },
    bury(id, attributes, at) {
      prepare(
        `UPDATE deliveries SET queue_arn = dlq_arn, dlq_arn = NULL, attributes = ?, attempts = 0,
           max_retries = ?, expires_at = ?, next_at = ? WHERE id = ?`,
      ).run(attributes, DEFAULT_RETRIES, at + DAY, at, id);
    },
    hasten(queueArn, at) {
      prepare("UPDATE deliveries SET next_at = ? WHERE queue_arn = ? AND next_at > ?").run(
        at,
        queueArn,
        at,
      );
    },
    queues() {
      return prepare("SELECT DISTINCT queue_arn FROM deliveries")
        .all()
        .map((row) => String(row.queue_arn));
    },
  };
}
