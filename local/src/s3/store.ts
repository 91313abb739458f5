import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { type Blobs, openBlobs } from "./blobs.ts";

const SCHEMA = `
CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY CHECK (id = 1), value INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO counter VALUES (1, 0);
CREATE TABLE IF NOT EXISTS buckets (
  name TEXT PRIMARY KEY, created INTEGER NOT NULL, versioning TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS settings (
  bucket TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (bucket, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS versions (
  seq INTEGER PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, version_id TEXT NOT NULL,
  is_latest INTEGER NOT NULL, delete_marker INTEGER NOT NULL, size INTEGER NOT NULL,
  etag TEXT NOT NULL, last_modified INTEGER NOT NULL, headers TEXT NOT NULL, checksum TEXT,
  tags TEXT NOT NULL, UNIQUE (bucket, key, version_id)
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS latest ON versions (bucket, key) WHERE is_latest = 1;
CREATE INDEX IF NOT EXISTS by_key ON versions (bucket, key, seq DESC);
CREATE TABLE IF NOT EXISTS segments (
  seq INTEGER NOT NULL, position INTEGER NOT NULL, blob TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,
  PRIMARY KEY (seq, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads (
  upload_id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, initiated INTEGER NOT NULL,
  headers TEXT NOT NULL, tags TEXT NOT NULL, checksum_algorithm TEXT, checksum_type TEXT,
  completed_parts TEXT, completed_version TEXT, completed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uploads_by_key ON uploads (bucket, key, upload_id);
CREATE TABLE IF NOT EXISTS parts (
  upload_id TEXT NOT NULL, part_number INTEGER NOT NULL, blob TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL, etag TEXT NOT NULL, checksum TEXT, last_modified INTEGER NOT NULL,
  PRIMARY KEY (upload_id, part_number)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_due ON outbox (due);
`;

export type SqlValue = string | number | null;

export interface Store {
  readonly blobs: Blobs;
  now(): number;
  /** All rows of a query; the statement is prepared once. */
  all<Row>(sql: string, ...values: SqlValue[]): Row[];
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined;
  /** Runs a statement and tells how many rows it changed. */
  run(sql: string, ...values: SqlValue[]): number;
  /** One transaction. Blobs put into `freed` are removed after it was committed. */
  commit<Result>(work: (freed: string[]) => Result): Result;
  /** Grows by one with each call: the order of versions, and the sequencer of events. */
  nextSequence(): number;
  /** Called after each commit, so that new events are delivered at once. */
  onCommit: () => void;
  close(): void;
}

/** Opens (or makes) the metadata and the bytes under `dataDir`, and removes a crash's leftovers. */
export function openStore(dataDir: string, now: () => number): Store {
  mkdirSync(dataDir, { recursive: true });
  const db = new DatabaseSync(join(dataDir, "s3.sqlite"));
  // The system must survive a kill of the process, not a power loss: what was written to the
  // operating system is safe without an fsync.
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 5000;");
  db.exec(SCHEMA);
  const blobs = openBlobs(join(dataDir, "blobs"));
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string) => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };

  const store: Store = {
    blobs,
    now,
    all: <Row>(sql: string, ...values: SqlValue[]) => prepare(sql).all(...values) as Row[],
    get: <Row>(sql: string, ...values: SqlValue[]) =>
      prepare(sql).get(...values) as Row | undefined,
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
    commit(work) {
      const freed: string[] = [];
      db.exec("BEGIN IMMEDIATE");
      let result: ReturnType<typeof work>;
      try {
        result = work(freed);
        db.exec("COMMIT");
      } catch (error) {
        if (db.isTransaction) db.exec("ROLLBACK");
        throw error;
      }
      // A file that stays behind means nothing any more, and the next start removes it.
      for (const id of freed) blobs.remove(id).catch(() => undefined);
      store.onCommit();
      return result;
    },
    nextSequence() {
      const row = store.get<{ value: number }>(
        "UPDATE counter SET value = value + 1 RETURNING value",
      );
      if (!row) throw new Error("the counter row is missing");
      return row.value;
    },
    onCommit: () => undefined,
    close: () => db.close(),
  };
  blobs.removeUnnamed(
    (id) =>
      store.get(
        "SELECT 1 FROM segments WHERE blob = ?1 UNION ALL SELECT 1 FROM parts WHERE blob = ?1",
        id,
      ) !== undefined,
  );
  return store;
}
