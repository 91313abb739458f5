import { type Client, errors } from "@opensearch-project/opensearch";
import { READ_ALIAS, schemaOf } from "../domain/index-name.ts";

/** One index of ours, as of its last refresh. */
export interface IndexFacts {
  name: string;
  /** The number of the definition it was made by. */
  schema: number;
  /** Whether searches go to it. */
  searched: boolean;
  /** Whether live events go to it. */
  written: boolean;
  images: number;
  tombstones: number;
  bytes: number;
}

export interface IndexStatus {
  /** Of the cluster: `yellow` is without all copies, `red` without all data. */
  health: "green" | "yellow" | "red";
  nodes: number;
  indexes: IndexFacts[];
}

export interface IndexStatusReader {
  /** What there is, or in words why the engine does not say. */
  read(): Promise<IndexStatus | { unreachable: string }>;
}

const OURS = `${READ_ALIAS}-v*`;

export function createIndexStatusReader(client: Client): IndexStatusReader {
  const count = async (index: string, deleted: boolean) =>
    (await client.count({ index, body: { query: { term: { deleted } } } })).body.count;

  async function read(): Promise<IndexStatus> {
    const [health, found, stats] = await Promise.all([
      client.cluster.health(),
      client.indices.getAlias({ index: OURS }),
      client.indices.stats({ index: OURS }),
    ]);
    const indexes = await Promise.all(
      Object.entries(found.body).map(async ([name, { aliases = {} }]): Promise<IndexFacts> => {
        const [images, tombstones] = await Promise.all([count(name, false), count(name, true)]);
        const names = Object.keys(aliases);
        return {
          name,
          schema: schemaOf(name),
          searched: names.includes(READ_ALIAS),
          written: names.some((alias) => alias !== READ_ALIAS),
          images,
          tombstones,
          bytes: stats.body.indices?.[name]?.total?.store?.size_in_bytes ?? 0,
        };
      }),
    );
    return {
      health: health.body.status as IndexStatus["health"],
      nodes: health.body.number_of_nodes,
      indexes: indexes.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    };
  }

  return {
    async read() {
      try {
        return await read();
      } catch (error) {
        if (error instanceof errors.ConnectionError || error instanceof errors.TimeoutError) {
          return { unreachable: error.message };
        }
        throw error;
      }
    },
  };
}
