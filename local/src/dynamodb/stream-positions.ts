import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface StreamPositions {
  /** The sequence number of a table's newest stream record; null when it has none yet. */
  of(tableName: string): number | null;
  close(): void;
}

/**
 * Reads from the database's file whether a stream has something new: a few microseconds (by the index that
 * `prepareStreams` adds), where GetRecords costs milliseconds of two processes. It never writes and never waits.
 *
 * @throws Error of SQLite when there is no database in the directory; so does `of` when it can't be read
 */
export function openStreamPositions(dataDir: string): StreamPositions {
  const db = new DatabaseSync(join(dataDir, "dynamodb.sqlite"), { readOnly: true });
  const newest = db.prepare(
    "SELECT MAX(CAST(sequence_number AS INTEGER)) AS sequence FROM _stream_records WHERE table_name = ?",
  );
  return {
    of: (tableName) => (newest.get(tableName)?.sequence ?? null) as number | null,
    close: () => db.close(),
  };
}
