import { describe, expect, it } from "vitest";
import { refusal } from "./expectations.ts";
import type { Harness } from "./harness.ts";

export function describeAliases(harness: Harness): void {
  async function index(label: string): Promise<string> {
    const name = harness.name(label);
    await harness.client.indices.create({
      index: name,
      body: {
        settings: { number_of_shards: 1, number_of_replicas: 0 },
        mappings: { dynamic: "strict", properties: { a: { type: "keyword" } } },
      },
    });
    return name;
  }

  describe("aliases", () => {
    it("swaps an alias from one index to another in one request", async () => {
      const { client } = harness;
      const [one, two] = [await index("swap-1"), await index("swap-2")];
      const alias = harness.name("swap");
      await client.indices.putAlias({ index: one, name: alias });
      await client.index({ index: two, id: "1", body: { a: "new" }, refresh: true });
      await client.indices.updateAliases({
        body: {
          actions: [{ remove: { index: one, alias } }, { add: { index: two, alias } }],
        },
      });
      const { body } = await client.indices.getAlias({ name: alias });
      expect(body).toEqual({ [two]: { aliases: { [alias]: {} } } });
      expect((await client.search({ index: alias })).body.hits.hits[0]?._index).toBe(two);
      expect((await client.get({ index: alias, id: "1" })).body._index).toBe(two);
    });

    it("changes nothing when one of the actions fails", async () => {
      const { client } = harness;
      const [one, two] = [await index("atomic-1"), await index("atomic-2")];
      const [alias, absent] = [harness.name("atomic"), harness.name("atomic-absent")];
      await client.indices.putAlias({ index: one, name: alias });
      const failing = client.indices.updateAliases({
        body: {
          actions: [
            { remove: { index: one, alias } },
            { add: { index: two, alias } },
            { add: { index: absent, alias } },
          ],
        },
      });
      expect(await refusal(failing)).toMatchObject({
        status: 404,
        type: "index_not_found_exception",
      });
      const { body } = await client.indices.getAlias({ name: alias });
      expect(Object.keys(body)).toEqual([one]);
    });

    it("passes over an alias that is not there, unless that is all there is to do", async () => {
      const { client } = harness;
      const one = await index("passed-over");
      const [alias, absent] = [harness.name("passed"), harness.name("passed-absent")];
      const remove = { remove: { index: one, alias: absent } };
      const alone = client.indices.updateAliases({ body: { actions: [remove] } });
      expect(await refusal(alone)).toMatchObject({
        status: 404,
        type: "aliases_not_found_exception",
      });
      const actions = [remove, { add: { index: one, alias } }];
      await client.indices.updateAliases({ body: { actions } });
      expect((await client.indices.existsAlias({ name: alias })).statusCode).toBe(200);
    });

    it("removes an index and gives its name to an alias at once", async () => {
      const { client } = harness;
      const [one, two] = [await index("replaced-1"), await index("replaced-2")];
      await client.indices.updateAliases({
        body: { actions: [{ remove_index: { index: one } }, { add: { index: two, alias: one } }] },
      });
      const { body } = await client.indices.getAlias({ name: one });
      expect(Object.keys(body)).toEqual([two]);
    });

    it("writes through an alias only when one index is meant", async () => {
      const { client } = harness;
      const [one, two] = [await index("write-1"), await index("write-2")];
      const alias = harness.name("write");
      await client.indices.putAlias({ index: one, name: alias });
      const write = () => client.index({ index: alias, id: "1", body: { a: "x" } });
      expect((await write()).body._index).toBe(one);
      await client.indices.putAlias({ index: two, name: alias });
      expect(await refusal(write())).toMatchObject({
        status: 400,
        type: "illegal_argument_exception",
      });
      const get = client.get({ index: alias, id: "1" });
      expect(await refusal(get)).toMatchObject({ status: 400, type: "illegal_argument_exception" });
      await client.indices.updateAliases({
        body: { actions: [{ add: { index: two, alias, is_write_index: true } }] },
      });
      expect((await write()).body._index).toBe(two);
    });

    it("searches all indices behind an alias as one", async () => {
      const { client } = harness;
      const [one, two] = [await index("both-1"), await index("both-2")];
      const alias = harness.name("both");
      for (const [target, a] of [
        [one, "m"],
        [two, "a"],
        [one, "z"],
      ] as const) {
        await client.indices.putAlias({ index: target, name: alias });
        await client.index({ index: target, id: a, body: { a }, refresh: true });
      }
      const { body } = await client.search({
        index: alias,
        body: {
          sort: [{ a: "asc" }],
          track_total_hits: true,
          aggs: { values: { terms: { field: "a", order: { _key: "asc" } } } },
        } as object,
      });
      expect(body.hits.hits.map((hit) => hit._id)).toEqual(["a", "m", "z"]);
      expect(body.hits.total).toEqual({ value: 3, relation: "eq" });
      expect(body.aggregations?.values).toMatchObject({
        buckets: [{ key: "a" }, { key: "m" }, { key: "z" }],
      });
    });

    it("tells aliases that exist from those that do not", async () => {
      const { client } = harness;
      const one = await index("known");
      const [alias, absent] = [harness.name("known-alias"), harness.name("unknown-alias")];
      await client.indices.putAlias({ index: one, name: alias });
      expect((await client.indices.existsAlias({ name: alias })).statusCode).toBe(200);
      expect((await client.indices.existsAlias({ name: absent })).statusCode).toBe(404);
      expect((await refusal(client.indices.getAlias({ name: absent }))).status).toBe(404);
      const listed = await client.cat.aliases({ name: alias, format: "json" });
      expect(listed.body).toMatchObject([{ alias, index: one }]);
      expect(await refusal(client.indices.delete({ index: alias }))).toMatchObject({
        status: 400,
        type: "illegal_argument_exception",
      });
      expect(await refusal(client.indices.create({ index: alias }))).toMatchObject({
        status: 400,
        type: "invalid_index_name_exception",
      });
      const clash = client.indices.putAlias({ index: one, name: one });
      expect(await refusal(clash)).toMatchObject({
        status: 400,
        type: "invalid_alias_name_exception",
      });
    });
  });
}
