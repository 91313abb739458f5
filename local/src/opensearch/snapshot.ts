import { type Database, openDatabase } from "./database.ts";
import type { Field, Schema } from "./mapping.ts";

const READER_CACHE_KIB = 16_384;
const MAX_REMEMBERED = 1_000;
const MAX_KEY = 4_000;

/** What a search sees of an index: one SQLite read transaction, begun at a refresh. */
export type Snapshot = {
  readonly db: Database;
  readonly schema: Schema;
  /** Fields of which some document has had several values; their values are in a side table. */
  readonly multiValued: ReadonlySet<number>;
  /** Figures that hold as long as the snapshot does, such as the number of documents with a field. */
  readonly figures: Map<string, number>;
  /** How many documents match what was asked so far. */
  readonly counts: Map<string, number>;
  /** What was answered so far to searches that ask for no hits. */
  readonly answers: Map<string, string>;
  /** Documents in the snapshot. */
  count(): number;
};

export type OwnedSnapshot = Snapshot & {
  /** Points in time that keep this snapshot; while there are any, a refresh opens another connection. */
  pins: number;
  begin(schema: Schema, multiValued: ReadonlySet<number>): void;
  end(): void;
};

/** Opens a connection whose read transaction is begun and ended explicitly. */
export function openSnapshot(path: string): OwnedSnapshot {
  const db = openDatabase(path, READER_CACHE_KIB);
  db.exec("CREATE TEMP TABLE hits(doc INTEGER PRIMARY KEY)");
  const snapshot = {
    db,
    pins: 0,
    schema: undefined as unknown as Schema,
    multiValued: new Set<number>() as ReadonlySet<number>,
    figures: new Map<string, number>(),
    counts: new Map<string, number>(),
    answers: new Map<string, string>(),
    count: () => figure(snapshot, "count", "SELECT count(*) FROM docs"),
    begin(schema: Schema, multiValued: ReadonlySet<number>) {
      snapshot.schema = schema;
      snapshot.multiValued = multiValued;
      snapshot.figures.clear();
      snapshot.counts.clear();
      snapshot.answers.clear();
      db.exec("BEGIN");
      // SQLite takes the snapshot at the first read, not at BEGIN.
      db.row("SELECT 1 FROM src LIMIT 1");
    },
    end() {
      if (db.raw.isTransaction) db.exec("COMMIT");
    },
  };
  return snapshot;
}

/** A number that is computed once a snapshot. */
export function figure(snapshot: Snapshot, name: string, sql: string): number {
  const known = snapshot.figures.get(name);
  if (known !== undefined) return known;
  const value = Number(snapshot.db.row(sql)?.[0] ?? 0);
  snapshot.figures.set(name, value);
  return value;
}

/** What is computed once for a key, but for long keys, and anew from time to time so that they do not pile up. */
export function remembered<T>(known: Map<string, T>, key: string, compute: () => T): T {
  const before = known.get(key);
  if (before !== undefined) return before;
  const value = compute();
  if (known.size >= MAX_REMEMBERED) known.clear();
  if (key.length < MAX_KEY) known.set(key, value);
  return value;
}

/** The SQL table, by convention of the store, with all values of a multi-valued field. */
export function valuesTable(field: Field): string {
  return `m${field.slot}`;
}
