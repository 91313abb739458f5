import { Client } from "@opensearch-project/opensearch";
import { createIndexAdmin } from "@shoebox/search/adapters/index-admin";
import { SCHEMA } from "@shoebox/search/adapters/index-definition";
import { createIndexWriter } from "@shoebox/search/adapters/index-writer";
import { type Document, imageDocument } from "@shoebox/search/domain/document";
import { indexName, writeAliasOf } from "@shoebox/search/domain/index-name";
import { imageState } from "./images.ts";

const SIZE = { shards: 1, replicas: 0 };
const BATCH = 500;

/** Several indexes in one engine, of which searches see one at a time: as a rebuild makes them and exchanges them. */
export function imagesIndexes(node: string) {
  const client = new Client({ node });
  const admin = createIndexAdmin(client, SIZE);
  const writer = createIndexWriter(client, SIZE);
  let shown: string | undefined;

  return {
    client,

    /**
     * Makes an index with an owner's images, uploaded at these times (ms), and gives its name. Every tenth of them
     * comes with one of somebody else's and one that is deleted: an engine answers much faster from a
     * segment of which everything matches a condition, which no index of many users has.
     */
    async fill(ownerId: string, times: number[]): Promise<string> {
      const index = indexName(SCHEMA, `of-${times.length}`);
      await admin.create(index);
      for (let from = 0; from < times.length; from += BATCH) {
        const documents = times.slice(from, from + BATCH).flatMap((at, n) => {
          const own = imageDocument(imageState(ownerId, at));
          if (n % 10 > 0) return [own];
          const [other, gone] = [imageState("somebody-else", at), imageState(ownerId, at)];
          const { imageId, version } = gone;
          return [own, imageDocument(other), { imageId, ownerId, version, deleted: true as const }];
        });
        await write(index, documents);
      }
      await admin.refresh(index);
      return index;
    },

    /** Searches see this index from now on. */
    async show(index: string): Promise<void> {
      if (index === shown) return;
      await admin.swap(shown, index);
      shown = index;
    },

    /** Somebody else's picture comes in, so that whatever the engine keeps of the index as it was is of no use. */
    async change(index: string): Promise<void> {
      await write(index, [imageDocument(imageState("somebody-else"))]);
      await admin.refresh(index);
    },

    close: () => client.close(),
  };

  async function write(index: string, documents: Document[]): Promise<void> {
    const applied = await writer.apply([writeAliasOf(index)], documents);
    const failed = applied.find(({ kind }) => kind !== "applied");
    if (failed) throw new Error(`A document could not be indexed: ${JSON.stringify(failed)}`);
  }
}
