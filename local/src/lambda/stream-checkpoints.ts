import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** How far a shard was worked off. `after` null means from its beginning. */
export interface Checkpoint {
  after: string | null;
  finished: boolean;
}

/** Remembers per event source mapping and shard what was done, so that it survives the death of the process. */
export interface StreamCheckpoints {
  /** Whether this mapping has ever run on this stream. */
  isNew(sourceId: string, streamArn: string): boolean;
  read(sourceId: string, streamArn: string, shardId: string): Checkpoint | undefined;
  write(sourceId: string, streamArn: string, shardId: string, checkpoint: Checkpoint): void;
  close(): void;
}

/** Opens the checkpoints under `dataDir`, which is made when it is not there. */
export function openStreamCheckpoints(dataDir: string): StreamCheckpoints {
  mkdirSync(dataDir, { recursive: true });
  const db = new DatabaseSync(join(dataDir, "stream-checkpoints.db"));
  // It must survive a kill of the process, not the loss of power: what was written is in the system's cache by then.
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 5000;
    CREATE TABLE IF NOT EXISTS checkpoints (
      source_id TEXT, stream_arn TEXT, shard_id TEXT, after TEXT, finished INTEGER NOT NULL,
      PRIMARY KEY (source_id, stream_arn, shard_id)
    ) STRICT, WITHOUT ROWID;`);
  const select = db.prepare(
    "SELECT after, finished FROM checkpoints WHERE source_id = ? AND stream_arn = ? AND shard_id = ?",
  );
  const upsert = db.prepare("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?)");
  const any = db.prepare(
    "SELECT 1 FROM checkpoints WHERE source_id = ? AND stream_arn = ? LIMIT 1",
  );
  return {
    isNew: (sourceId, streamArn) => any.get(sourceId, streamArn) === undefined,
    read: (sourceId, streamArn, shardId) => {
      const row = select.get(sourceId, streamArn, shardId);
      return row && { after: row.after as string | null, finished: row.finished === 1 };
    },
    write: (sourceId, streamArn, shardId, { after, finished }) => {
      upsert.run(sourceId, streamArn, shardId, after, finished ? 1 : 0);
    },
    close: () => db.close(),
  };
}
