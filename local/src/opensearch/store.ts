import { statSync } from "node:fs";
import { encodeToken } from "./analysis/token-encoding.ts";
import { type Database, openDatabase } from "./database.ts";
import type { Schema } from "./mapping.ts";
import { type OwnedSnapshot, openSnapshot } from "./snapshot.ts";
import { compareValues, type FieldValues, type Value } from "./values.ts";

const WRITER_CACHE_KIB = 32_768;
const CHECKPOINT_BYTES = 16 * 1024 * 1024;
const ANALYZE_FROM = 1_000;

export type StoredDocument = { doc: number; version: number; source: string };
export type Tombstone = { version: number; deletedAt: number; seqNo: number };

/**
 * The documents of one index in one SQLite file.
 *
 * - `src(doc, id, version, source)`; `doc` is the sequence number, so it grows with every write, as in Lucene.
 * - `docs(doc, c0, c1, …)`: a column a field with its (smallest) value, indexed where the mapping indexes it.
 * - `m<slot>(value, doc)`: all values of a field, filled as soon as one document has several.
 * - `t<slot>`: full text (FTS5, contentless) of a text field.
 * - `tombstones`: the versions of deleted documents.
 *
 * Writes are committed at once and read at once by id. A search reads a snapshot, which a refresh renews: SQLite's
 * own read transaction is what Lucene's searcher is, so visibility and points in time need no bookkeeping.
 */
export type Store = {
  transaction<T>(work: () => T): T;
  get(id: string): StoredDocument | undefined;
  /** The last deletion of a document; of meaning only while there is no document. */
  tombstone(id: string): Tombstone | undefined;
  /** Stores a document in place of an earlier one and returns its sequence number. */
  put(id: string, version: number, source: string, values: FieldValues, replaced?: number): number;
  remove(id: string, version: number, now: number, doc?: number): number;
  dropTombstones(before: number): void;
  /** Gives a field its number; the same path keeps the same one. */
  slotOf(path: string): number;
  applySchema(schema: Schema): void;
  schema(): Schema;
  /** Makes everything written so far visible to searches. */
  refresh(): void;
  readonly dirty: boolean;
  snapshot(): OwnedSnapshot;
  unpin(snapshot: OwnedSnapshot): void;
  bytes(): number;
  close(): void;
};

const TABLES = `
  CREATE TABLE IF NOT EXISTS fields(slot INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL);
  CREATE TABLE IF NOT EXISTS multi(slot INTEGER PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS src(doc INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, version INTEGER NOT NULL, source TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS docs(doc INTEGER PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS tombstones(id TEXT PRIMARY KEY, version INTEGER NOT NULL, seq INTEGER NOT NULL, deleted_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS tombstones_by_time ON tombstones(deleted_at);
`;
const COLUMN_TYPES = { keyword: "TEXT", double: "REAL", float: "REAL" } as Record<string, string>;

function createField(db: Database, slot: number, type: string, indexed: boolean): void {
  if (type === "text") {
    db.exec(
      `CREATE VIRTUAL TABLE IF NOT EXISTS t${slot} USING fts5(x, content='', contentless_delete=1, tokenize='ascii')`,
    );
    return;
  }
  const has = db.row("SELECT 1 FROM pragma_table_info('docs') WHERE name = ?", `c${slot}`);
  if (has) return;
  const column = COLUMN_TYPES[type] ?? "INTEGER";
  db.exec(`ALTER TABLE docs ADD COLUMN c${slot} ${column}`);
  // An index over two values only costs writes.
  if (indexed && type !== "boolean") {
    db.exec(`CREATE INDEX i${slot} ON docs(c${slot})`);
  }
  db.exec(
    `CREATE TABLE m${slot}(value ${column}, doc INTEGER, PRIMARY KEY(value, doc)) WITHOUT ROWID;
     CREATE INDEX mi${slot} ON m${slot}(doc, value)`,
  );
}

export function openStore(path: string, initial: (store: Pick<Store, "slotOf">) => Schema): Store {
  const db = openDatabase(path, WRITER_CACHE_KIB);
  db.exec(TABLES);
  const multiValued = new Set(db.rows("SELECT slot FROM multi").map(([slot]) => Number(slot)));
  const last = db.row(
    "SELECT max(coalesce((SELECT max(doc) FROM src), 0), coalesce((SELECT max(seq) FROM tombstones), 0))",
  );
  let sequence = Number(last?.[0] ?? 0);
  let analyzedAt = 0;
  let dirty = false;
  let schema: Schema;
  let scalarFields: Schema["fields"] extends Map<string, infer F> ? F[] : never = [];
  let textSlots: number[] = [];
  let insertDoc = "";
  let current: OwnedSnapshot;

  function slotOf(fieldPath: string): number {
    const known = db.row("SELECT slot FROM fields WHERE path = ?", fieldPath);
    if (known) return Number(known[0]);
    db.run("INSERT INTO fields(path) VALUES (?)", fieldPath);
    return slotOf(fieldPath);
  }

  function applySchema(next: Schema): void {
    db.transaction(() => {
      for (const field of next.fields.values()) {
        if (field.searchable) createField(db, field.slot, field.type, field.indexed);
      }
    });
    schema = next;
    const searchable = [...next.fields.values()].filter((field) => field.searchable);
    scalarFields = searchable.filter((field) => field.type !== "text");
    textSlots = searchable.filter((field) => field.type === "text").map((field) => field.slot);
    const columns = ["doc", ...scalarFields.map((field) => `c${field.slot}`)];
    insertDoc = `INSERT INTO docs(${columns.join(",")}) VALUES (${columns.map(() => "?").join(",")})`;
  }

  function erase(doc: number): void {
    db.run("DELETE FROM src WHERE doc = ?", doc);
    db.run("DELETE FROM docs WHERE doc = ?", doc);
    for (const slot of multiValued) db.run(`DELETE FROM m${slot} WHERE doc = ?`, doc);
    for (const slot of textSlots) db.run(`DELETE FROM t${slot} WHERE rowid = ?`, doc);
  }

  /** From the first document with several values on, the side table holds the values of all documents. */
  function becomeMultiValued(slot: number): void {
    db.run("INSERT INTO multi(slot) VALUES (?)", slot);
    db.run(
      `INSERT INTO m${slot}(value, doc) SELECT c${slot}, doc FROM docs WHERE c${slot} IS NOT NULL`,
    );
    multiValued.add(slot);
  }

  function insertValues(doc: number, values: FieldValues): void {
    const columns: (Value | null)[] = [];
    for (const field of scalarFields) {
      const given = values.scalars.get(field);
      if (given && given.length > 1 && !multiValued.has(field.slot)) becomeMultiValued(field.slot);
      columns.push(given ? smallest(given) : null);
      if (!given || !multiValued.has(field.slot)) continue;
      for (const value of given) {
        db.run(`INSERT OR IGNORE INTO m${field.slot}(value, doc) VALUES (?, ?)`, value, doc);
      }
    }
    db.run(insertDoc, doc, ...columns);
    for (const [field, tokens] of values.texts) {
      if (tokens.length === 0) continue;
      const text = tokens.map(encodeToken).join(" ");
      db.run(`INSERT INTO t${field.slot}(rowid, x) VALUES (?, ?)`, doc, text);
    }
  }

  function walBytes(): number {
    return statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }

  function analyze(): void {
    const rows = Number(db.row("SELECT count(*) FROM docs")?.[0] ?? 0);
    if (rows < ANALYZE_FROM || rows < analyzedAt * 2) return;
    // The planner guesses badly between a selective and an unselective filter without statistics.
    db.exec("PRAGMA analysis_limit=1000; ANALYZE");
    analyzedAt = rows;
  }

  function refresh(): void {
    dirty = false;
    analyze();
    if (current.pins > 0) current = openSnapshot(path);
    else current.end();
    // Only between two snapshots does no reader hold the log back from being written into the file.
    if (walBytes() > CHECKPOINT_BYTES) db.row("PRAGMA wal_checkpoint(RESTART)");
    current.begin(schema, new Set(multiValued));
  }

  const store: Store = {
    transaction(work) {
      const known = new Set(multiValued);
      try {
        return db.transaction(work);
      } catch (error) {
        for (const slot of multiValued) if (!known.has(slot)) multiValued.delete(slot);
        throw error;
      }
    },
    get(id) {
      const row = db.row("SELECT doc, version, source FROM src WHERE id = ?", id);
      return row && { doc: Number(row[0]), version: Number(row[1]), source: String(row[2]) };
    },
    tombstone(id) {
      const row = db.row("SELECT version, deleted_at, seq FROM tombstones WHERE id = ?", id);
      return (
        row && { version: Number(row[0]), deletedAt: Number(row[1]), seqNo: Number(row[2]) - 1 }
      );
    },
    put(id, version, source, values, replaced) {
      if (replaced !== undefined) erase(replaced);
      sequence += 1;
      db.run(
        "INSERT INTO src(doc, id, version, source) VALUES (?, ?, ?, ?)",
        sequence,
        id,
        version,
        source,
      );
      insertValues(sequence, values);
      dirty = true;
      return sequence - 1;
    },
    remove(id, version, now, doc) {
      if (doc !== undefined) erase(doc);
      sequence += 1;
      db.run(
        "INSERT OR REPLACE INTO tombstones(id, version, seq, deleted_at) VALUES (?, ?, ?, ?)",
        id,
        version,
        sequence,
        now,
      );
      dirty = true;
      return sequence - 1;
    },
    dropTombstones: (before) => db.run("DELETE FROM tombstones WHERE deleted_at < ?", before),
    slotOf,
    applySchema(next) {
      applySchema(next);
      refresh();
    },
    schema: () => schema,
    refresh,
    get dirty() {
      return dirty;
    },
    snapshot: () => current,
    unpin(snapshot) {
      snapshot.pins -= 1;
      if (snapshot.pins === 0 && snapshot !== current) snapshot.db.close();
    },
    bytes: () => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) + walBytes(),
    close() {
      current.db.close();
      db.close();
    },
  };

  schema = initial(store);
  applySchema(schema);
  current = openSnapshot(path);
  current.begin(schema, new Set(multiValued));
  return store;
}

function smallest(values: Value[]): Value {
  const [first = ""] = values;
  if (values.length === 1) return first;
  if (typeof first === "number") return Math.min(...(values as number[]));
  return values.reduce((least, value) => (compareValues(value, least) < 0 ? value : least));
}
