import { describe, expect, it } from "vitest";
import { refusal } from "./expectations.ts";
import type { Harness } from "./harness.ts";

const SETTINGS = { number_of_shards: 1, number_of_replicas: 0 };

export function describeIndices(harness: Harness): void {
  describe("indices", () => {
    it("creates an index with settings, mappings and aliases and describes it", async () => {
      const { client } = harness;
      const index = harness.name("described");
      const alias = harness.name("described-alias");
      const created = await client.indices.create({
        index,
        body: {
          settings: {
            ...SETTINGS,
            refresh_interval: "5s",
            analysis: { normalizer: { folded: { type: "custom", filter: ["lowercase"] } } },
          },
          mappings: {
            dynamic: "strict",
            properties: { tag: { type: "keyword", normalizer: "folded", ignore_above: 64 } },
          },
          aliases: { [alias]: {} },
        },
      });
      expect(created.body).toEqual({ acknowledged: true, shards_acknowledged: true, index });
      expect((await client.indices.exists({ index })).statusCode).toBe(200);
      const { body } = await client.indices.get({ index });
      expect(body[index]?.aliases).toEqual({ [alias]: {} });
      expect(body[index]?.mappings).toEqual({
        dynamic: "strict",
        properties: { tag: { type: "keyword", normalizer: "folded", ignore_above: 64 } },
      });
      expect(body[index]?.settings?.index).toMatchObject({
        number_of_shards: "1",
        number_of_replicas: "0",
        refresh_interval: "5s",
        provided_name: index,
      });
      const mapping = await client.indices.getMapping({ index: alias });
      expect(Object.keys(mapping.body)).toEqual([index]);
    });

    it("refuses to create an index twice", async () => {
      const index = harness.name("twice");
      await harness.client.indices.create({ index, body: { settings: SETTINGS } });
      const again = await refusal(harness.client.indices.create({ index }));
      expect(again).toMatchObject({ status: 400, type: "resource_already_exists_exception" });
    });

    it("refuses names, mappings and settings that are not valid", async () => {
      const { indices } = harness.client;
      const index = harness.name("invalid");
      const create = (body: object, name = index) =>
        refusal(indices.create({ index: name, body: body as object }));
      expect(await create({}, index.toUpperCase())).toMatchObject({
        status: 400,
        type: "invalid_index_name_exception",
      });
      expect(await create({ mappings: { properties: { a: { type: "nonsense" } } } })).toMatchObject(
        {
          status: 400,
          type: "mapper_parsing_exception",
        },
      );
      expect(
        await create({ mappings: { properties: { a: { type: "text", analyzer: "none" } } } }),
      ).toMatchObject({ status: 400, type: "mapper_parsing_exception" });
      expect(
        await create({ mappings: { properties: { a: { type: "keyword", colour: "red" } } } }),
      ).toMatchObject({ status: 400, type: "mapper_parsing_exception" });
      expect(await create({ settings: { nonsense: 1 } })).toMatchObject({
        status: 400,
        type: "illegal_argument_exception",
      });
      expect(await create({ nonsense: {} })).toMatchObject({
        status: 400,
        type: "parse_exception",
      });
      expect((await indices.exists({ index })).statusCode).toBe(404);
    });

    it("answers 404 for an index that does not exist", async () => {
      const { client } = harness;
      const index = harness.name("absent");
      const missing = { status: 404, type: "index_not_found_exception" };
      expect(await refusal(client.indices.get({ index }))).toMatchObject(missing);
      expect(await refusal(client.indices.delete({ index }))).toMatchObject(missing);
      expect(await refusal(client.indices.refresh({ index }))).toMatchObject(missing);
      expect(await refusal(client.search({ index }))).toMatchObject(missing);
      expect(await refusal(client.get({ index, id: "1" }))).toMatchObject(missing);
      expect(await refusal(client.count({ index }))).toMatchObject(missing);
    });

    it("changes dynamic settings and refuses to change others", async () => {
      const { indices } = harness.client;
      const index = harness.name("settings");
      await indices.create({ index, body: { settings: SETTINGS } });
      await indices.putSettings({ index, body: { index: { refresh_interval: "-1" } } });
      const { body } = await indices.getSettings({ index });
      expect(body[index]?.settings?.index?.refresh_interval).toBe("-1");
      expect(
        await refusal(indices.putSettings({ index, body: { number_of_shards: 2 } as object })),
      ).toMatchObject({ status: 400, type: "illegal_argument_exception" });
    });

    it("adds fields to a mapping and refuses to change the type of one", async () => {
      const { indices } = harness.client;
      const index = harness.name("mapping");
      await indices.create({
        index,
        body: { settings: SETTINGS, mappings: { properties: { a: { type: "keyword" } } } },
      });
      await indices.putMapping({ index, body: { properties: { b: { type: "long" } } } });
      const { body } = await indices.getMapping({ index });
      expect(body[index]?.mappings.properties).toEqual({
        a: { type: "keyword" },
        b: { type: "long" },
      });
      const changed = indices.putMapping({ index, body: { properties: { a: { type: "long" } } } });
      expect(await refusal(changed)).toEqual({
        status: 400,
        type: "illegal_argument_exception",
        reason: "mapper [a] cannot be changed from type [keyword] to [long]",
      });
    });

    it("deletes an index with its documents", async () => {
      const { client } = harness;
      const index = harness.name("deleted");
      const body = {
        settings: SETTINGS,
        mappings: { properties: { a: { type: "keyword" as const } } },
      };
      await client.indices.create({ index, body });
      await client.index({ index, id: "1", body: { a: "x" }, refresh: true });
      await client.indices.delete({ index });
      expect((await client.indices.exists({ index })).statusCode).toBe(404);
      await client.indices.create({ index, body });
      expect((await client.count({ index })).body.count).toBe(0);
    });

    it("lists indices and tells the health and the version of the cluster", async () => {
      const { client } = harness;
      const index = harness.name("listed");
      await client.indices.create({ index, body: { settings: SETTINGS } });
      const listed = await client.cat.indices({ index, format: "json" });
      expect(listed.body).toMatchObject([{ index, status: "open", "docs.count": "0" }]);
      const health = await client.cluster.health({ index });
      expect(health.body).toMatchObject({ status: "green", timed_out: false, number_of_nodes: 1 });
      const { body } = await client.info();
      expect(body.version).toMatchObject({ distribution: "opensearch" });
      const stats = await client.indices.stats({ index, metric: "docs" });
      expect(stats.body.indices?.[index]?.primaries?.docs).toMatchObject({ count: 0 });
    });
  });
}
