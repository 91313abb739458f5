import type { DatabaseSync } from "node:sqlite";

const DAY_MS = 24 * 3600 * 1000;
const BATCH = 2_000;

/** What dynoxide keeps for the TTL deletes of its own sweeper; everybody else's deletes carry nothing. */
const TTL_IDENTITY = '{"type":"Service","principalId":"dynamodb.amazonaws.com"}';

/** Keys in an order of their own: dynoxide writes the attributes of a key in any order. */
const CANONICAL_KEYS =
  "(SELECT group_concat(key || '=' || value, '|') FROM (SELECT key, value FROM json_each(NEW.keys_json) ORDER BY key))";

/**
 * Adds to dynoxide's own schema what its streams lack.
 * - Two indexes: without them each write scans the whole stream history for the next sequence number.
 * - A trigger that marks the record of a delete which the TTL sweeper has announced. It runs inside dynoxide's own
 *   transaction, so no reader can ever see the record without its identity.
 */
export function prepareStreams(db: DatabaseSync): void {
  db.exec(`
    CREATE INDEX IF NOT EXISTS _shoebox_stream_sequence
      ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
    CREATE INDEX IF NOT EXISTS _shoebox_stream_shard
      ON _stream_records (table_name, shard_id, CAST(sequence_number AS INTEGER));
    CREATE TABLE IF NOT EXISTS _shoebox_ttl_deletes (
      table_name TEXT NOT NULL, keys TEXT NOT NULL, PRIMARY KEY (table_name, keys));
    CREATE TRIGGER IF NOT EXISTS _shoebox_ttl_identity AFTER INSERT ON _stream_records
      WHEN NEW.event_name = 'REMOVE' AND EXISTS (
        SELECT 1 FROM _shoebox_ttl_deletes WHERE table_name = NEW.table_name AND keys = ${CANONICAL_KEYS})
      BEGIN UPDATE _stream_records SET user_identity = '${TTL_IDENTITY}' WHERE id = NEW.id; END;
  `);
}

/**
 * Removes stream records older than 24 h, as DynamoDB does; returns how many. The newest record of each table stays
 * whatever its age: dynoxide takes the next sequence number from it, and a sequence that begins again at 1 would
 * put new records behind every reader's checkpoint.
 */
export function trimStreams(db: DatabaseSync, now: number): number {
  const cutoff = Math.floor((now - DAY_MS) / 1000);
  const page = db.prepare(
    "SELECT id, table_name, created_at, CAST(sequence_number AS INTEGER) AS sequence FROM _stream_records WHERE id > ? ORDER BY id LIMIT ?",
  );
  const newest = db.prepare(
    "SELECT MAX(CAST(sequence_number AS INTEGER)) AS sequence FROM _stream_records WHERE table_name = ?",
  );
  const remove = db.prepare("DELETE FROM _stream_records WHERE id = ?");
  let trimmed = 0;
  for (let after = 0; ; ) {
    const rows = page.all(after, BATCH) as {
      id: number;
      table_name: string;
      created_at: number;
      sequence: number;
    }[];
    const old = rows.filter((row) => row.created_at < cutoff);
    const kept = new Map<string, number>();
    for (const { table_name } of old) {
      if (kept.has(table_name)) continue;
      kept.set(table_name, Number(newest.get(table_name)?.sequence));
    }
    const gone = old.filter((row) => row.sequence !== kept.get(row.table_name));
    // One short transaction a batch: dynoxide's writers wait for this lock.
    db.exec("BEGIN IMMEDIATE");
    for (const { id } of gone) remove.run(id);
    db.exec("COMMIT");
    trimmed += gone.length;
    const last = rows.at(-1);
    if (last === undefined || old.length < rows.length) return trimmed;
    after = last.id;
  }
}
