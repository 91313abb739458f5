import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { MessageAttributes } from "./message-attributes.ts";
import { type QueueAttributes, redrivePolicy } from "./queue-attributes.ts";
import { noSuchQueue } from "./sqs-error.ts";

const ARN_PREFIX = "arn:aws:sqs:us-east-1:000000000000:";

export interface Queue {
  name: string;
  arn: string;
  attributes: QueueAttributes;
  tags: Record<string, string>;
  /** Milliseconds. */
  createdAt: number;
  modifiedAt: number;
}

export interface NewMessage {
  body: string;
  md5: string;
  attributes: MessageAttributes;
  traceHeader?: string | undefined;
  delaySeconds: number;
}

export interface StoredMessage {
  id: string;
  body: string;
  md5: string;
  attributes: string;
  traceHeader: string | null;
  sentAt: number;
  receives: number;
  firstReceivedAt: number;
  deadFrom: string | null;
  receipt: string;
}

/** A message is visible when `visible_at` has passed; before, it is in flight if it has a receipt and delayed if not. */
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  CREATE TABLE IF NOT EXISTS queues (name TEXT PRIMARY KEY, attributes TEXT NOT NULL, tags TEXT NOT NULL,
    created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, queue TEXT NOT NULL,
    body TEXT NOT NULL, md5 TEXT NOT NULL, attributes TEXT NOT NULL, trace_header TEXT, sent_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL, receives INTEGER NOT NULL DEFAULT 0, first_received_at INTEGER, receipt TEXT,
    dead_from TEXT);
  CREATE INDEX IF NOT EXISTS messages_visible ON messages (queue, visible_at, seq);
  CREATE INDEX IF NOT EXISTS messages_sent ON messages (queue, sent_at);
  CREATE UNIQUE INDEX IF NOT EXISTS messages_receipt ON messages (receipt) WHERE receipt IS NOT NULL;
  CREATE TABLE IF NOT EXISTS move_tasks (handle TEXT PRIMARY KEY, source TEXT NOT NULL, destination TEXT,
    started_at INTEGER NOT NULL, to_move INTEGER NOT NULL, moved INTEGER NOT NULL, failure TEXT);
`;

/**
 * Queues and messages on SQLite. Every change is one statement or one transaction, so a kill leaves no half of it.
 * One file, because the meaning of `visible_at` and `receipt` must be read in one place.
 */
export class QueueStore {
  readonly #db: DatabaseSync;
  readonly #now: () => number;
  readonly #queues = new Map<string, Queue>();
  readonly #statements = new Map<string, StatementSync>();

  constructor(dataDir: string, now: () => number) {
    mkdirSync(dataDir, { recursive: true });
    this.#db = new DatabaseSync(join(dataDir, "sqs.sqlite"), { timeout: 5_000 });
    this.#db.exec(SCHEMA);
    this.#now = now;
    for (const row of this.all("SELECT * FROM queues")) {
      const name = String(row.name);
      this.#queues.set(name, {
        name,
        arn: ARN_PREFIX + name,
        attributes: JSON.parse(String(row.attributes)) as QueueAttributes,
        tags: JSON.parse(String(row.tags)) as Record<string, string>,
        createdAt: Number(row.created_at),
        modifiedAt: Number(row.modified_at),
      });
      // The process in which these messages were received is gone.
      this.release(String(row.name));
    }
  }

  /**
   * Makes the messages visible that somebody has received. For when whoever received them is known to be dead:
   * delivery is at least once, so they may come again, and nobody waits for visibility timeouts that nobody uses.
   */
  release(queueName: string): void {
    this.run(
      "UPDATE messages SET visible_at = ?, receipt = NULL WHERE queue = ? AND receipt IS NOT NULL AND visible_at > ?",
      this.#now(),
      queueName,
      this.#now(),
    );
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.#prepare(sql).all(...values);
  }

  get now(): number {
    return this.#now();
  }

  queues(): Queue[] {
    return [...this.#queues.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  byArn(arn: string): Queue | undefined {
    return arn.startsWith(ARN_PREFIX) ? this.#queues.get(arn.slice(ARN_PREFIX.length)) : undefined;
  }

  /** The queue that a URL names. Only the path counts: the port may be another one since the URL was made. */
  byUrl(url: unknown): Queue {
    const name =
      String(url ?? "")
        .split("/")
        .at(-1) ?? "";
    const queue = this.#queues.get(name);
    if (!queue) throw noSuchQueue(name);
    return queue;
  }

  save(name: string, attributes: QueueAttributes, tags: Record<string, string>): Queue {
    const createdAt = this.#queues.get(name)?.createdAt ?? this.now;
    const queue = {
      name,
      arn: ARN_PREFIX + name,
      attributes,
      tags,
      createdAt,
      modifiedAt: this.now,
    };
    this.run(
      "INSERT OR REPLACE INTO queues VALUES (?, ?, ?, ?, ?)",
      name,
      JSON.stringify(attributes),
      JSON.stringify(tags),
      createdAt,
      queue.modifiedAt,
    );
    this.#queues.set(name, queue);
    return queue;
  }

  remove(queue: Queue): void {
    this.transaction(() => {
      this.run("DELETE FROM messages WHERE queue = ?", queue.name);
      this.run("DELETE FROM queues WHERE name = ?", queue.name);
    });
    this.#queues.delete(queue.name);
  }

  /** Adds the messages, all or none, and returns their ids. */
  add(queue: Queue, messages: NewMessage[]): string[] {
    const now = this.now;
    return this.transaction(() =>
      messages.map((message) => {
        const id = randomUUID();
        this.run(
          "INSERT INTO messages (id, queue, body, md5, attributes, trace_header, sent_at, visible_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          id,
          queue.name,
          message.body,
          message.md5,
          JSON.stringify(message.attributes),
          message.traceHeader ?? null,
          now,
          now + message.delaySeconds * 1000,
        );
        return id;
      }),
    );
  }

  /**
   * Takes up to `most` visible messages for `visibilityMs`. A message that was received as often as its redrive
   * policy allows goes to the dead-letter queue instead; `moved` names the queues that got such messages.
   */
  take(
    queue: Queue,
    most: number,
    visibilityMs: number,
  ): { messages: StoredMessage[]; moved: string[] } {
    const now = this.now;
    this.dropExpired(queue);
    const policy = redrivePolicy(queue.attributes);
    const deadLetters = policy && this.byArn(policy.deadLetterTargetArn);
    const moved: string[] = [];
    const messages = this.transaction(() => {
      if (policy && deadLetters) {
        const changes = this.run(
          "UPDATE messages SET queue = ?, visible_at = ?, receipt = NULL, dead_from = ? WHERE queue = ? AND visible_at <= ? AND receives >= ?",
          deadLetters.name,
          now,
          queue.arn,
          queue.name,
          now,
          policy.maxReceiveCount,
        );
        if (changes > 0) moved.push(deadLetters.name);
      }
      const rows = this.all(
        "SELECT seq FROM messages WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, seq LIMIT ?",
        queue.name,
        now,
        most,
      );
      return rows.flatMap(
        ({ seq }) =>
          this.all(
            `UPDATE messages SET visible_at = ?, receives = receives + 1, receipt = ?,
               first_received_at = coalesce(first_received_at, ?) WHERE seq = ?
             RETURNING id, body, md5, attributes, trace_header AS traceHeader, sent_at AS sentAt, receives,
               first_received_at AS firstReceivedAt, dead_from AS deadFrom, receipt`,
            now + visibilityMs,
            randomUUID(),
            now,
            Number(seq),
          ) as unknown as StoredMessage[],
      );
    });
    return { messages, moved };
  }

  /** Retention counts from the first send, in the dead-letter queue too (standard queues). */
  dropExpired(queue: Queue): void {
    const oldest = this.now - Number(queue.attributes.MessageRetentionPeriod) * 1000;
    this.run("DELETE FROM messages WHERE queue = ? AND sent_at <= ?", queue.name, oldest);
  }

  /** When the next message of the queue becomes visible (ms), if one waits for that. */
  nextVisible(queue: Queue): number | undefined {
    const [row] = this.all(
      "SELECT min(visible_at) AS at FROM messages WHERE queue = ?",
      queue.name,
    );
    return row?.at === null || row === undefined ? undefined : Number(row.at);
  }

  transaction<T>(work: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
