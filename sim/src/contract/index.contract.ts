import type { Client } from "@opensearch-project/opensearch";
import { describe, expect, it } from "vitest";

/** An engine, and names of indexes that nobody else has. */
export interface EngineUnderTest {
  client: Client;
  name(label: string): string;
}

interface BulkItem {
  index: { status: number; error?: { type: string } };
}

/**
 * What projector and rebuild rely on in the engine. The queries have a suite of their own, which the
 * stand-in and OpenSearch itself share: `local/src/opensearch/conformance.test.ts`.
 */
export function describeIndex(kind: string, open: () => Promise<EngineUnderTest>): void {
  async function opened() {
    const { client, name } = await open();
    const [index, alias] = [name("pictures"), name("written")];
    await client.indices.create({
      index,
      body: {
        settings: { number_of_shards: 1, number_of_replicas: 0 },
        mappings: {
          dynamic: "strict",
          properties: { imageId: { type: "keyword" }, at: { type: "long" } },
        },
        aliases: { [alias]: {} },
      },
    });
    return {
      client,
      index,
      alias,
      name,
      async bulk(target: string, ...documents: { id: string; version: number; more?: object }[]) {
        const body = documents.flatMap(({ id: _id, version, more }) => [
          {
            index: { _index: target, _id, version, version_type: "external", require_alias: true },
          },
          { imageId: _id, at: version, ...more },
        ]);
        const { body: answer } = await client.bulk({ body, refresh: true });
        const items = answer.items as unknown as BulkItem[];
        return items.map((item) => item.index.error?.type ?? item.index.status);
      },
    };
  }

  describe(`the index (${kind})`, () => {
    it("takes the newest version, and says of each document what became of it", async () => {
      const { client, index, alias, bulk } = await opened();
      expect(await bulk(alias, { id: "a", version: 3 }, { id: "b", version: 1 })).toEqual([
        201, 201,
      ]);
      expect(
        await bulk(
          alias,
          { id: "a", version: 2 },
          { id: "a", version: 3 },
          { id: "b", version: 2 },
          { id: "c", version: 1, more: { unknown: 1 } },
        ),
      ).toEqual([
        "version_conflict_engine_exception",
        "version_conflict_engine_exception",
        200,
        "strict_dynamic_mapping_exception",
      ]);
      const { body } = await client.get({ index, id: "a" });
      expect([body._version, body._source]).toEqual([3, { imageId: "a", at: 3 }]);
    });

    it("brings no index into being by a write that must go to an alias", async () => {
      const { client, name, bulk } = await opened();
      const dropped = name("dropped");
      expect(await bulk(dropped, { id: "a", version: 1 })).toEqual(["index_not_found_exception"]);
      const { body } = await client.indices.exists({ index: dropped });
      expect(body).toBe(false);
    });

    it("exchanges an alias in one step", async () => {
      const { client, index, name } = await opened();
      const [read, other] = [name("read"), name("other")];
      await client.indices.create({ index: other });
      const change = (actions: object[]) =>
        client.indices.updateAliases({ body: { actions } as never });
      await change([{ add: { index, alias: read } }]);
      await change([{ remove: { index, alias: read } }, { add: { index: other, alias: read } }]);
      const { body } = await client.indices.getAlias({ name: read });
      expect(Object.keys(body)).toEqual([other]);
    });

    it("goes on behind the last document of a page", async () => {
      const { client, index, alias, bulk } = await opened();
      await bulk(alias, ...[3, 1, 2].map((n) => ({ id: `p${n}`, version: n })));
      const page = async (search_after?: number[]) => {
        const body = { size: 2, sort: [{ at: "desc" }], ...(search_after && { search_after }) };
        const found = await client.search({ index, body: body as never });
        return found.body.hits.hits.map(({ _id, sort }) => ({ _id, sort: sort as number[] }));
      };
      const first = await page();
      expect(first.map(({ _id }) => _id)).toEqual(["p3", "p2"]);
      expect((await page(first.at(-1)?.sort)).map(({ _id }) => _id)).toEqual(["p1"]);
    });
  });
}
