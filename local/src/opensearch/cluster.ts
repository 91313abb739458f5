import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Database, openDatabase } from "./database.ts";
import { illegalArgument, indexNotFound, OpenSearchError } from "./errors.ts";
import type { Alias, Index } from "./indices.ts";
import type { JsonObject } from "./json.ts";
import { parseMapping } from "./mapping.ts";
import { matcher } from "./names.ts";
import { createPits, type Pits } from "./pit.ts";
import { createRefresher, type Refresher } from "./refresher.ts";
import { analysisOf, type Settings } from "./settings.ts";
import { openStore } from "./store.ts";

/** All indices and aliases, kept in `meta.db`, and each index's documents, kept in a file by its uuid. */
export type Cluster = {
  readonly indices: ReadonlyMap<string, Index>;
  readonly aliases: readonly Alias[];
  readonly pits: Pits;
  readonly refresher: Refresher;
  readonly uuid: string;
  create(index: Omit<Index, "store" | "uuid">, aliases: Alias[]): Index;
  /** Applies a change of aliases and the removal of indices as one. */
  changeAliases(aliases: Alias[], removedIndices: string[]): void;
  updateSettings(index: Index, settings: Settings): void;
  updateMapping(index: Index, mapping: JsonObject): void;
  /** The indices behind a list of names, aliases and wildcards. */
  resolve(expression: string | undefined): Index[];
  /** The one index that a document request with this name reads. */
  resolveOne(name: string): Index;
  /** The one index that a write to this name goes to. */
  resolveWrite(name: string): Index;
  close(): void;
};

const TABLES = `
  CREATE TABLE IF NOT EXISTS cluster(uuid TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS indices(name TEXT PRIMARY KEY, uuid TEXT NOT NULL, created_at INTEGER NOT NULL, settings TEXT NOT NULL, mapping TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS aliases(name TEXT NOT NULL, index_name TEXT NOT NULL, is_write_index INTEGER, PRIMARY KEY(name, index_name));
`;

/** A 22-character id as OpenSearch gives indices and the cluster. */
function newUuid(): string {
  return Buffer.from(randomUUID().replaceAll("-", ""), "hex").toString("base64url");
}

function clusterUuid(meta: Database): string {
  const row = meta.row("SELECT uuid FROM cluster");
  if (row) return String(row[0]);
  meta.run("INSERT INTO cluster(uuid) VALUES (?)", newUuid());
  return clusterUuid(meta);
}

export function openCluster(dataDir: string): Cluster {
  mkdirSync(dataDir, { recursive: true });
  const meta = openDatabase(join(dataDir, "meta.db"), 512);
  meta.exec(TABLES);
  const indices = new Map<string, Index>();
  let aliases: Alias[] = meta
    .rows("SELECT name, index_name, is_write_index FROM aliases ORDER BY name, index_name")
    .map(([name, index, write]) => ({
      name: String(name),
      index: String(index),
      isWriteIndex: write === null ? undefined : Boolean(write),
    }));

  const fileOf = (uuid: string) => join(dataDir, `index-${uuid}.db`);
  const openIndex = (index: Omit<Index, "store">): Index => ({
    ...index,
    store: openStore(fileOf(index.uuid), (store) =>
      parseMapping(index.mapping, analysisOf(index.settings), store.slotOf),
    ),
  });
  const removeFiles = (uuid: string) => {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(fileOf(uuid) + suffix, { force: true });
  };
  const discard = (index: Index) => {
    indices.delete(index.name);
    refresher.forget(index);
    pits.forget(index);
    index.store.close();
    removeFiles(index.uuid);
  };
  const saveAliases = () => {
    meta.run("DELETE FROM aliases");
    for (const alias of aliases) {
      const write = alias.isWriteIndex === undefined ? null : Number(alias.isWriteIndex);
      meta.run("INSERT INTO aliases VALUES (?, ?, ?)", alias.name, alias.index, write);
    }
  };

  const pits = createPits();
  const refresher = createRefresher();
  for (const row of meta.rows(
    "SELECT name, uuid, created_at, settings, mapping FROM indices ORDER BY name",
  )) {
    const [name, uuid, createdAt, settings, mapping] = row.map(String) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const index = openIndex({
      name,
      uuid,
      createdAt: Number(createdAt),
      settings: JSON.parse(settings) as Settings,
      mapping: JSON.parse(mapping) as JsonObject,
    });
    indices.set(name, index);
  }
  // A process killed between the removal of an index and of its files leaves files that nobody owns.
  const owned = new Set([...indices.values()].map((index) => index.uuid));
  for (const file of readdirSync(dataDir)) {
    const uuid = /^index-([\w-]{22})\.db$/.exec(file)?.[1];
    if (uuid !== undefined && !owned.has(uuid)) removeFiles(uuid);
  }

  const behind = (name: string): Index[] =>
    aliases
      .filter((alias) => alias.name === name)
      .flatMap((alias) => indices.get(alias.index) ?? []);

  return {
    indices,
    get aliases() {
      return aliases;
    },
    pits,
    refresher,
    uuid: clusterUuid(meta),
    create(given, newAliases) {
      const index = openIndex({ ...given, uuid: newUuid() });
      const before = aliases;
      try {
        meta.transaction(() => {
          const { name, uuid, createdAt, settings, mapping } = index;
          meta.run(
            "INSERT INTO indices VALUES (?, ?, ?, ?, ?)",
            name,
            uuid,
            createdAt,
            JSON.stringify(settings),
            JSON.stringify(mapping),
          );
          aliases = [...aliases, ...newAliases];
          saveAliases();
        });
      } catch (error) {
        aliases = before;
        throw error;
      }
      indices.set(index.name, index);
      return index;
    },
    changeAliases(next, removedIndices) {
      const removed = removedIndices.flatMap((name) => indices.get(name) ?? []);
      const before = aliases;
      aliases = next.filter((alias) => !removedIndices.includes(alias.index));
      try {
        meta.transaction(() => {
          for (const name of removedIndices) meta.run("DELETE FROM indices WHERE name = ?", name);
          saveAliases();
        });
      } catch (error) {
        aliases = before;
        throw error;
      }
      for (const index of removed) discard(index);
    },
    updateSettings(index, settings) {
      meta.run(
        "UPDATE indices SET settings = ? WHERE name = ?",
        JSON.stringify(settings),
        index.name,
      );
      index.settings = settings;
      refresher.rearm(index);
    },
    updateMapping(index, mapping) {
      const schema = parseMapping(mapping, analysisOf(index.settings), index.store.slotOf);
      index.store.applySchema(schema);
      meta.run(
        "UPDATE indices SET mapping = ? WHERE name = ?",
        JSON.stringify(mapping),
        index.name,
      );
      index.mapping = mapping;
    },
    resolve(expression) {
      const found = new Set<Index>();
      const names = (expression ?? "_all").split(",").filter((name) => name !== "");
      for (const name of names) {
        if (name === "_all" || name.includes("*")) {
          const matches = matcher(name);
          for (const index of indices.values()) if (matches(index.name)) found.add(index);
          for (const alias of aliases) {
            const index = matches(alias.name) ? indices.get(alias.index) : undefined;
            if (index) found.add(index);
          }
          continue;
        }
        const index = indices.get(name);
        const several = index ? [index] : behind(name);
        if (several.length === 0) throw indexNotFound(name);
        for (const one of several) found.add(one);
      }
      return [...found];
    },
    resolveOne(name) {
      const index = indices.get(name);
      if (index) return index;
      const several = behind(name);
      const [only] = several;
      if (!only) throw indexNotFound(name, "index_expression");
      if (several.length === 1) return only;
      const names = several.map((one) => one.name).join(", ");
      throw illegalArgument(
        `alias [${name}] has more than one index associated with it [${names}], can't execute a single index op`,
      );
    },
    resolveWrite(name) {
      const index = indices.get(name);
      if (index) return index;
      const several = aliases.filter((alias) => alias.name === name);
      if (several.length === 0) throw missingForWrite(name);
      const explicit = several.find((alias) => alias.isWriteIndex === true);
      const [first] = several;
      const target =
        explicit ?? (several.length === 1 && first?.isWriteIndex !== false ? first : undefined);
      const found = target && indices.get(target.index);
      if (found) return found;
      throw illegalArgument(
        `no write index is defined for alias [${name}]. The write index may be explicitly disabled using is_write_index=false or the alias points to multiple indices without one being designated as a write index`,
      );
    },
    close() {
      refresher.close();
      pits.close();
      for (const index of indices.values()) index.store.close();
      meta.close();
    },
  };
}

/** OpenSearch would create the index with a mapping guessed from the document. */
function missingForWrite(name: string): OpenSearchError {
  return new OpenSearchError(501, {
    type: "not_supported_by_local_stand_in",
    reason: `The local OpenSearch stand-in does not create indices on the first write: create [${name}] first.`,
    index: name,
  });
}
