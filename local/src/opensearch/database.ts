import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

const MAX_CACHED_STATEMENTS = 300;

/** One SQLite connection whose statements are prepared once. */
export type Database = {
  readonly raw: DatabaseSync;
  exec(sql: string): void;
  run(sql: string, ...params: SQLInputValue[]): void;
  /** The first row as an array of columns, undefined when there is none. */
  row(sql: string, ...params: SQLInputValue[]): unknown[] | undefined;
  rows(sql: string, ...params: SQLInputValue[]): unknown[][];
  transaction<T>(work: () => T): T;
  close(): void;
};

/**
 * Opens a database file in WAL mode. `synchronous=OFF` survives a killed process (the pages are in the kernel),
 * which is what the local cloud promises; it need not survive a power cut.
 */
export function openDatabase(path: string, cacheKib: number): Database {
  const raw = new DatabaseSync(path);
  raw.exec(
    `PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-${cacheKib};`,
  );
  const statements = new Map<string, StatementSync>();

  function prepare(sql: string): StatementSync {
    const known = statements.get(sql);
    if (known) return known;
    if (statements.size >= MAX_CACHED_STATEMENTS) statements.clear();
    const statement = raw.prepare(sql);
    statement.setReturnArrays(true);
    statements.set(sql, statement);
    return statement;
  }

  return {
    raw,
    exec: (sql) => raw.exec(sql),
    run: (sql, ...params) => void prepare(sql).run(...params),
    row: (sql, ...params) => prepare(sql).get(...params) as unknown[] | undefined,
    rows: (sql, ...params) => prepare(sql).all(...params) as unknown as unknown[][],
    transaction(work) {
      raw.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        raw.exec("COMMIT");
        return result;
      } catch (error) {
        if (raw.isTransaction) raw.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => raw.close(),
  };
}
