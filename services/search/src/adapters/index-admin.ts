import { type Client, errors } from "@opensearch-project/opensearch";
import type { OwnerSummary } from "@shoebox/shared/events/catalog";
import type { Entry } from "../domain/disagreement.ts";
import { READ_ALIAS, WRITE_ALIASES, writeAliasOf } from "../domain/index-name.ts";
import { definition, type IndexSize, indexBody } from "./index-definition.ts";

/** What a rebuild does with whole indexes, and what it asks of them. */
export interface IndexAdmin {
  /** The index that is searched. */
  readIndex(): Promise<string | undefined>;
  /** Documents of an index, tombstones included, as of its last refresh. */
  count(index: string): Promise<number>;
  /** Makes an empty index that takes live events from now on; nothing when it is there. */
  create(index: string): Promise<void>;
  /** Ends the time in which an index is only filled: what is written is searchable within a second. */
  open(index: string): Promise<void>;
  refresh(index: string): Promise<void>;
  /** What searches see of the index stands still until it is opened again; writes go on. */
  hold(index: string): Promise<void>;
  /** Exchanges what is searched, as one step. */
  swap(from: string | undefined, to: string): Promise<void>;
  /** Whether the index is there and takes live events. */
  isKept(index: string): Promise<boolean>;
  /** Removes every index that takes live events but these and the one that is searched. */
  dropAllBut(indexes: string[]): Promise<void>;
  /** Removes an index unless it is the one that is searched; nothing when it is gone. */
  drop(index: string): Promise<void>;
  /** Count and checksum of the live pictures of each of these owners. */
  summary(index: string, ownerIds: string[]): Promise<OwnerSummary[]>;
  /** The owners with live pictures, in order, that come after one of them. */
  owners(index: string, after: string, limit: number): Promise<string[]>;
  /** Pictures by their ids as they are now, refreshed or not. */
  look(index: string, imageIds: string[]): Promise<Map<string, Entry>>;
  /** The live pictures of an owner as of the last refresh, in order, that come after one of them. */
  live(
    index: string,
    ownerId: string,
    after: string,
    limit: number,
  ): Promise<{ imageId: string; version: number }[]>;
}

/** While an index is only filled, nobody searches it; a refresh costs more than it is worth. */
const FILLING = "10s";

export function createIndexAdmin(client: Client, size: IndexSize): IndexAdmin {
  const made = indexBody(size);
  async function readIndex(): Promise<string | undefined> {
    const { body } = await client.indices.getAlias({ name: READ_ALIAS }, { ignore: [404] });
    return Object.entries(body).flatMap(([name, { aliases }]) => (aliases ? [name] : []))[0];
  }

  async function kept(): Promise<string[]> {
    const { body } = await client.indices.getAlias({ name: WRITE_ALIASES }, { ignore: [404] });
    return Object.entries(body).flatMap(([name, { aliases }]) => (aliases ? [name] : []));
  }

  async function drop(index: string): Promise<void> {
    if (index === (await readIndex())) return;
    await client.indices.delete({ index }, { ignore: [404] });
  }

  async function refreshEvery(index: string, interval: string | undefined): Promise<void> {
    await client.indices.putSettings({ index, body: { index: { refresh_interval: interval } } });
  }

  const live = { term: { deleted: false } };

  return {
    readIndex,
    drop,

    async count(index) {
      return (await client.count({ index })).body.count;
    },

    async create(index) {
      try {
        await client.indices.create({
          index,
          body: {
            ...made,
            settings: {
              ...made.settings,
              index: { ...made.settings?.index, refresh_interval: FILLING },
            },
            aliases: { [writeAliasOf(index)]: {} },
          },
        });
      } catch (error) {
        const type = error instanceof errors.ResponseError ? error.body?.error?.type : undefined;
        if (type !== "resource_already_exists_exception") throw error;
      }
    },

    open: (index) => refreshEvery(index, definition.settings?.index?.refresh_interval),
    hold: (index) => refreshEvery(index, "-1"),

    async refresh(index) {
      await client.indices.refresh({ index });
    },

    async swap(from, to) {
      const remove = from ? [{ remove: { index: from, alias: READ_ALIAS } }] : [];
      const actions = [...remove, { add: { index: to, alias: READ_ALIAS } }];
      await client.indices.updateAliases({ body: { actions } });
    },

    async isKept(index) {
      return (await kept()).includes(index);
    },

    async dropAllBut(indexes) {
      for (const index of await kept()) if (!indexes.includes(index)) await drop(index);
    },

    async summary(index, ownerIds) {
      if (ownerIds.length === 0) return [];
      const { body } = await client.search({
        index,
        body: {
          size: 0,
          query: { bool: { filter: [live, { terms: { ownerId: ownerIds } }] } },
          aggs: {
            owners: {
              terms: { field: "ownerId", size: ownerIds.length },
              aggs: { checksum: { sum: { field: "checksum" } } },
            },
          },
        } as object,
      });
      return bucketsOf(body).map(({ key, doc_count: images, checksum }) => ({
        ownerId: key,
        images,
        checksum: checksum?.value ?? 0,
      }));
    },

    async owners(index, after, limit) {
      const { body } = await client.search({
        index,
        body: {
          size: 0,
          query: { bool: { filter: [live, { range: { ownerId: { gt: after } } }] } },
          aggs: { owners: { terms: { field: "ownerId", size: limit, order: { _key: "asc" } } } },
        } as object,
      });
      return bucketsOf(body).map(({ key }) => key);
    },

    async look(index, imageIds) {
      if (imageIds.length === 0) return new Map();
      const { body } = await client.mget({
        index,
        body: { docs: imageIds.map((_id) => ({ _id, _source: ["deleted"] })) },
      });
      const docs = body.docs as FoundDocument[];
      const failed = docs.find(({ error }) => error);
      if (failed) throw new Error(`${index} can't be read: ${JSON.stringify(failed.error)}`);
      return new Map(
        docs
          .filter(({ found }) => found)
          .map(({ _id, _version = 0, _source }) => [
            _id,
            { version: _version, deleted: _source?.deleted ?? false },
          ]),
      );
    },

    async live(index, ownerId, after, limit) {
      const { body } = await client.search({
        index,
        body: {
          size: limit,
          query: { bool: { filter: [live, { term: { ownerId } }] } },
          sort: [{ imageId: "asc" }],
          search_after: [after],
          _source: ["imageId", "version"],
        } as object,
      });
      return body.hits.hits.map((hit) => hit._source as { imageId: string; version: number });
    },
  };
}

interface FoundDocument {
  _id: string;
  found?: boolean;
  _version?: number;
  _source?: { deleted?: boolean };
  error?: unknown;
}

interface Bucket {
  key: string;
  doc_count: number;
  checksum?: { value: number };
}

function bucketsOf(body: { aggregations?: unknown }): Bucket[] {
  return (body.aggregations as { owners: { buckets: Bucket[] } } | undefined)?.owners.buckets ?? [];
}
