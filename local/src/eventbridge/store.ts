import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";

/** The bridge's whole state. Everything is synchronous, so that a request is one uninterrupted turn and cannot race another. */
export interface Store {
  /** The prepared statement of this SQL, made once. */
  prepare(sql: string): StatementSync;
  /** Runs the work in one transaction: all of it is stored, or (it threw) nothing. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS buses (
    name TEXT PRIMARY KEY, description TEXT, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS rules (
    bus TEXT NOT NULL, name TEXT NOT NULL, pattern TEXT, schedule TEXT, state TEXT NOT NULL, description TEXT,
    -- The instant a schedule counts from: when it was set, then its last due time.
    anchor_at INTEGER NOT NULL,
    PRIMARY KEY (bus, name)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS targets (
    bus TEXT NOT NULL, rule TEXT NOT NULL, id TEXT NOT NULL, target TEXT NOT NULL,
    PRIMARY KEY (bus, rule, id)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY, queue_arn TEXT NOT NULL, body TEXT NOT NULL,
    -- The message attributes, once the delivery has become a dead letter.
    attributes TEXT,
    rule_arn TEXT NOT NULL, dlq_arn TEXT, attempts INTEGER NOT NULL DEFAULT 0, max_retries INTEGER NOT NULL,
    expires_at INTEGER NOT NULL, next_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (queue_arn, next_at, id);
  CREATE TABLE IF NOT EXISTS archives (
    name TEXT PRIMARY KEY, bus TEXT NOT NULL, pattern TEXT, description TEXT, retention_days INTEGER NOT NULL,
    created_at INTEGER NOT NULL, event_count INTEGER NOT NULL DEFAULT 0, size_bytes INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE IF NOT EXISTS archived_events (
    seq INTEGER PRIMARY KEY, archive TEXT NOT NULL, time INTEGER NOT NULL, stored_at INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS archived_events_by_time ON archived_events (archive, time, seq);
  CREATE INDEX IF NOT EXISTS archived_events_by_age ON archived_events (archive, stored_at);
  CREATE TABLE IF NOT EXISTS replays (
    name TEXT PRIMARY KEY, archive TEXT NOT NULL, bus TEXT NOT NULL, description TEXT, filter_arns TEXT,
    start_time INTEGER NOT NULL, end_time INTEGER NOT NULL, state TEXT NOT NULL, state_reason TEXT,
    -- Where to go on: the time and seq of the last event that was replayed.
    cursor_time INTEGER, cursor_seq INTEGER, started_at INTEGER NOT NULL, ended_at INTEGER
  ) STRICT;
`;

/**
 * Opens (or makes) `eventbridge.sqlite` in the folder. WAL without fsync: what was committed is in the kernel's hands, so it survives
 * kill -9 of the process, though not the loss of power.
 */
export function openStore(dataDir: string): Store {
  mkdirSync(dataDir, { recursive: true });
  const db = new DatabaseSync(join(dataDir, "eventbridge.sqlite"));
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;");
  db.exec(SCHEMA);
  const statements = new Map<string, StatementSync>();
  return {
    prepare(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = db.prepare(sql);
      statements.set(sql, statement);
      return statement;
    },
    transaction(work) {
      db.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        db.exec("COMMIT");
        return result;
      } catch (error) {
        db.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => db.close(),
  };
}
