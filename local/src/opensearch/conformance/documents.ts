import { beforeAll, describe, expect, it } from "vitest";
import { refusal } from "./expectations.ts";
import type { Harness } from "./harness.ts";

type Item = {
  status: number;
  _id: string;
  _version?: number;
  result?: string;
  error?: { type: string; reason: string };
};

export function describeDocuments(harness: Harness): void {
  describe("documents", () => {
    let index = "";
    // Each test has documents of its own, so that their order does not matter.
    let ids = 0;
    const nextId = () => {
      ids += 1;
      return `doc-${ids}`;
    };
    const external = (id: string, version: number, body: object = { k: "x" }) =>
      harness.client.index({ index, id, version, version_type: "external", body });
    const externalDelete = (id: string, version: number) =>
      harness.client.delete({ index, id, version, version_type: "external" });
    const count = async (id: string) =>
      (await harness.client.count({ index, body: { query: { ids: { values: [id] } } } })).body
        .count;
    async function bulk(
      lines: object[],
      options: object = {},
    ): Promise<{ errors: boolean; items: Record<string, Item>[] }> {
      const { body } = await harness.client.bulk({ index, body: lines, ...options });
      return body as unknown as { errors: boolean; items: Record<string, Item>[] };
    }

    beforeAll(async () => {
      index = harness.name("documents");
      await harness.client.indices.create({
        index,
        body: {
          settings: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: "-1" },
          mappings: {
            dynamic: "strict",
            properties: {
              k: { type: "keyword" },
              n: { type: "long" },
              i: { type: "integer" },
              d: { type: "date" },
              b: { type: "boolean" },
              t: { type: "text" },
              o: { properties: { x: { type: "keyword" } } },
              raw: { type: "object", enabled: false },
            },
          },
        },
      });
    });

    it("creates, updates, reads and deletes a document with growing versions", async () => {
      const { client } = harness;
      const id = nextId();
      const first = await client.index({ index, id, body: { k: "a" } });
      expect(first.statusCode).toBe(201);
      expect(first.body).toMatchObject({ _index: index, _id: id, _version: 1, result: "created" });
      const second = await client.index({ index, id, body: { k: "b" } });
      expect(second.statusCode).toBe(200);
      expect(second.body).toMatchObject({ _version: 2, result: "updated" });
      const found = await client.get({ index, id });
      expect(found.body).toMatchObject({ _version: 2, found: true, _source: { k: "b" } });
      expect((await client.exists({ index, id })).statusCode).toBe(200);
      const gone = await client.delete({ index, id });
      expect(gone.body).toMatchObject({ _version: 3, result: "deleted" });
      const absent = await client.get({ index, id }, { ignore: [404] });
      expect(absent.statusCode).toBe(404);
      expect(absent.body).toEqual({ _index: index, _id: id, found: false });
      const again = await client.delete({ index, id }, { ignore: [404] });
      expect(again.statusCode).toBe(404);
      expect(again.body).toMatchObject({ result: "not_found", _version: 4 });
    });

    it("gives a document without an id one", async () => {
      const { body } = await harness.client.index({ index, body: { k: "auto" } });
      expect(body._id).toMatch(/^[\w-]{20}$/);
    });

    it("does not create a document that exists", async () => {
      const id = nextId();
      await harness.client.create({ index, id, body: { k: "a" } });
      expect(await refusal(harness.client.create({ index, id, body: { k: "a" } }))).toEqual({
        status: 409,
        type: "version_conflict_engine_exception",
        reason: `[${id}]: version conflict, document already exists (current version [1])`,
      });
    });

    it("takes an external version only when it is newer", async () => {
      const id = nextId();
      expect((await external(id, 5)).body).toMatchObject({ _version: 5, result: "created" });
      expect((await external(id, 7)).body).toMatchObject({ _version: 7, result: "updated" });
      for (const version of [7, 6]) {
        expect(await refusal(external(id, version))).toEqual({
          status: 409,
          type: "version_conflict_engine_exception",
          reason: `[${id}]: version conflict, current version [7] is higher or equal to the one provided [${version}]`,
        });
      }
      expect((await harness.client.get({ index, id })).body._version).toBe(7);
    });

    it("takes an external version again with external_gte", async () => {
      const id = nextId();
      const write = (version: number) =>
        harness.client.index({ index, id, version, version_type: "external_gte", body: {} });
      await write(5);
      expect((await write(5)).body).toMatchObject({ _version: 5, result: "updated" });
      expect(await refusal(write(4))).toEqual({
        status: 409,
        type: "version_conflict_engine_exception",
        reason: `[${id}]: version conflict, current version [5] is higher than the one provided [4]`,
      });
    });

    it("remembers the external version of a deleted document", async () => {
      const id = nextId();
      await external(id, 3);
      expect(await refusal(externalDelete(id, 2))).toMatchObject({ status: 409 });
      expect((await externalDelete(id, 8)).body).toMatchObject({ _version: 8, result: "deleted" });
      expect(await refusal(external(id, 8))).toEqual({
        status: 409,
        type: "version_conflict_engine_exception",
        reason: `[${id}]: version conflict, current version [8] is higher or equal to the one provided [8]`,
      });
      expect((await external(id, 9)).body).toMatchObject({ _version: 9, result: "created" });
    });

    it("remembers the deletion of a document that never was", async () => {
      const id = nextId();
      const gone = await harness.client.delete(
        { index, id, version: 4, version_type: "external" },
        { ignore: [404] },
      );
      expect(gone.body).toMatchObject({ _version: 4, result: "not_found" });
      expect(await refusal(external(id, 4))).toMatchObject({ status: 409 });
    });

    it("refuses versions that make no sense", async () => {
      const { client } = harness;
      const id = nextId();
      const refused = { status: 400, type: "action_request_validation_exception" };
      expect(await refusal(client.index({ index, id, version: 3, body: {} }))).toMatchObject(
        refused,
      );
      expect(
        await refusal(client.index({ index, id, version_type: "external", body: {} })),
      ).toMatchObject(refused);
      expect(await refusal(external(id, -1))).toMatchObject(refused);
    });

    it("honours if_seq_no and if_primary_term", async () => {
      const { client } = harness;
      const id = nextId();
      const { body } = await client.index({ index, id, body: { k: "a" } });
      const guarded = { index, id, if_seq_no: body._seq_no, if_primary_term: body._primary_term };
      await client.index({ ...guarded, body: { k: "b" } });
      expect(await refusal(client.index({ ...guarded, body: { k: "c" } }))).toMatchObject({
        status: 409,
        type: "version_conflict_engine_exception",
      });
    });

    it("refuses fields that a strict mapping does not have", async () => {
      const { client } = harness;
      const id = nextId();
      const strict = { status: 400, type: "strict_dynamic_mapping_exception" };
      expect(await refusal(client.index({ index, id, body: { zz: 1 } }))).toEqual({
        ...strict,
        reason: "mapping set to strict, dynamic introduction of [zz] within [_doc] is not allowed",
      });
      expect(await refusal(client.index({ index, id, body: { o: { y: 1 } } }))).toEqual({
        ...strict,
        reason: "mapping set to strict, dynamic introduction of [y] within [o] is not allowed",
      });
      expect((await client.exists({ index, id })).statusCode).toBe(404);
    });

    it.each([
      ["a word for a number", { n: "abc" }, "n", "long", "abc"],
      ["too large an integer", { i: 3_000_000_000 }, "i", "integer", "3000000000"],
      ["no date", { d: "yesterday" }, "d", "date", "yesterday"],
      ["a date that the calendar has not", { d: "2023-02-30" }, "d", "date", "2023-02-30"],
      ["a word for a boolean", { b: "maybe" }, "b", "boolean", "maybe"],
      ["an object for a keyword", { k: { a: 1 } }, "k", "keyword", "{a=1}"],
      ["an object for text", { t: { a: 1 } }, "t", "text", "{a=1}"],
    ])("refuses %s", async (_, body, field, type, shown) => {
      const id = nextId();
      expect(await refusal(harness.client.index({ index, id, body }))).toEqual({
        status: 400,
        type: "mapper_parsing_exception",
        reason: `failed to parse field [${field}] of type [${type}] in document with id '${id}'. Preview of field's value: '${shown}'`,
      });
    });

    it("keeps what it coerces, and what it does not index, as it was sent", async () => {
      const { client } = harness;
      const id = nextId();
      const body = {
        n: "7",
        i: 1.5,
        k: 5,
        b: "true",
        d: 1_700_000_000_000,
        raw: { any: [1, { q: null }] },
        o: { x: ["a", "b"] },
      };
      await client.index({ index, id, body });
      expect((await client.get({ index, id })).body._source).toEqual(body);
    });

    it("refuses what is no document", async () => {
      const { client } = harness;
      const put = (body: string) =>
        refusal(
          client.transport.request({ method: "PUT", path: `/${index}/_doc/${nextId()}`, body }),
        );
      expect(await put("{bad")).toMatchObject({ status: 400, type: "mapper_parsing_exception" });
      expect(await put("[1]")).toMatchObject({ status: 400, type: "mapper_parsing_exception" });
    });

    it("reads a document at once and finds it only after a refresh", async () => {
      const { client } = harness;
      const id = nextId();
      await client.index({ index, id, body: { k: "fresh" } });
      expect((await client.get({ index, id })).body.found).toBe(true);
      expect(await count(id)).toBe(0);
      await client.indices.refresh({ index });
      expect(await count(id)).toBe(1);
      await client.delete({ index, id });
      expect(await count(id)).toBe(1);
      await client.indices.refresh({ index });
      expect(await count(id)).toBe(0);
    });

    it("makes a write with refresh=true searchable before it answers", async () => {
      const id = nextId();
      await harness.client.index({ index, id, body: {}, refresh: true });
      expect(await count(id)).toBe(1);
    });

    it("answers a write with refresh=wait_for when it is searchable", async () => {
      const { client } = harness;
      const waiting = harness.name("waiting");
      await client.indices.create({
        index: waiting,
        body: {
          settings: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: "100ms" },
          mappings: { properties: { k: { type: "keyword" } } },
        },
      });
      await client.index({ index: waiting, id: "1", body: { k: "x" }, refresh: "wait_for" });
      expect((await client.count({ index: waiting })).body.count).toBe(1);
    });

    it("reports each item of a bulk in order and lets none stop another", async () => {
      const [a, b, c] = [nextId(), nextId(), nextId()];
      const versioned = { version: 3, version_type: "external" };
      const { errors, items } = await bulk([
        { index: { _id: a, ...versioned } },
        { k: "x" },
        { index: { _id: a, ...versioned } },
        { k: "x" },
        { create: { _id: a } },
        { k: "x" },
        { index: { _id: b } },
        { zz: 1 },
        { index: { _id: c } },
        { n: "no" },
        { delete: { _id: a } },
        { delete: { _id: a } },
        { index: {} },
        { k: "auto" },
      ]);
      expect(errors).toBe(true);
      expect(items.map((item) => Object.keys(item)[0])).toEqual([
        "index",
        "index",
        "create",
        "index",
        "index",
        "delete",
        "delete",
        "index",
      ]);
      const results = items.map((item) => Object.values(item)[0] as Item);
      expect(results.map((item) => item.status)).toEqual([201, 409, 409, 400, 400, 200, 404, 201]);
      expect(results.map((item) => item.error?.type ?? item.result)).toEqual([
        "created",
        "version_conflict_engine_exception",
        "version_conflict_engine_exception",
        "strict_dynamic_mapping_exception",
        "mapper_parsing_exception",
        "deleted",
        "not_found",
        "created",
      ]);
      expect(results[0]).toMatchObject({ _index: index, _id: a, _version: 3 });
    });

    it("writes by a name that must be an alias only when it is one, and makes no index", async () => {
      const { client } = harness;
      const [alias, absent] = [harness.name("required"), harness.name("required-absent")];
      await client.indices.putAlias({ index, name: alias });
      const line = (name: string, id: string) => ({
        index: { _index: name, _id: id, require_alias: true },
      });
      const { items } = await bulk([
        ...[line(alias, nextId()), { k: "x" }],
        ...[line(absent, nextId()), { k: "x" }],
        ...[line(index, nextId()), { k: "x" }],
      ]);
      const reason = (name: string) =>
        `no such index [${name}] and [require_alias] request flag is [true] and [${name}] is not an alias`;
      expect(items.map((item) => [item.index?.status, item.index?.error?.reason])).toEqual([
        [201, undefined],
        [404, reason(absent)],
        [404, reason(index)],
      ]);
      expect(items[1]?.index?.error?.type).toBe("index_not_found_exception");
      expect((await client.indices.exists({ index: absent })).statusCode).toBe(404);
    });

    it("answers a bulk with as much of its items as is asked for, in their order", async () => {
      const { client } = harness;
      const [a, b] = [nextId(), nextId()];
      const line = (id: string) => ({ index: { _index: index, _id: id } });
      const { body } = await client.bulk({
        body: [line(a), { k: "x" }, line(b), { unknown: "x" }],
        filter_path: ["items.index.status", "items.index.error.type"],
      });
      expect(body).toEqual({
        items: [
          { index: { status: 201 } },
          { index: { status: 400, error: { type: "strict_dynamic_mapping_exception" } } },
        ],
      });
    });

    it("answers a bulk without failures with errors false, and refreshes when asked", async () => {
      const id = nextId();
      const { errors } = await bulk([{ index: { _id: id } }, { k: "x" }], { refresh: true });
      expect(errors).toBe(false);
      expect(await count(id)).toBe(1);
    });

    it("refuses a malformed bulk as a whole", async () => {
      const id = nextId();
      const send = (body: string) =>
        refusal(
          harness.client.transport.request({
            method: "POST",
            path: `/${index}/_bulk`,
            bulkBody: body,
          }),
        );
      const refused = { status: 400, type: "illegal_argument_exception" };
      const first = `{"index":{"_id":"${id}"}}\n{"k":"x"}\n`;
      expect(await send(`${first}{"nonsense":{"_id":"1"}}\n{}\n`)).toMatchObject(refused);
      expect(await send(`${first}{"index":{"_id":"1","nonsense":1}}\n{}\n`)).toMatchObject(refused);
      expect((await harness.client.exists({ index, id })).statusCode).toBe(404);
    });

    it("reads several documents in the order asked", async () => {
      const id = nextId();
      await harness.client.index({ index, id, body: { k: "a", n: 1 } });
      const { body } = await harness.client.mget({
        index,
        body: { docs: [{ _id: "absent" }, { _id: id, _source: ["k"] }] },
      });
      expect(body.docs).toMatchObject([
        { _id: "absent", found: false },
        { _id: id, found: true, _source: { k: "a" } },
      ]);
    });

    it("shows the parts of a document that are asked for", async () => {
      const { client } = harness;
      const id = nextId();
      await client.index({ index, id, body: { k: "a", n: 1, o: { x: "y" } } });
      const get = async (options: object) =>
        (await client.get({ index, id, ...options })).body._source;
      expect(await get({ _source_includes: "o.*" })).toEqual({ o: { x: "y" } });
      expect(await get({ _source_excludes: "o,n" })).toEqual({ k: "a" });
      expect(await get({ _source: false })).toBeUndefined();
    });

    it("deletes by query what is searchable", async () => {
      const { client } = harness;
      const own = nextId();
      await client.index({ index, id: own, body: { k: own }, refresh: true });
      const { body } = await client.deleteByQuery({
        index,
        refresh: true,
        body: { query: { term: { k: own } } },
      });
      expect(body).toMatchObject({ total: 1, deleted: 1, version_conflicts: 0, failures: [] });
      expect((await client.exists({ index, id: own })).statusCode).toBe(404);
    });
  });
}
