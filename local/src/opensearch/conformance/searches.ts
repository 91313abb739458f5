import { beforeAll, describe, expect, it } from "vitest";
import { refusal, type SearchAnswer, type SearchBody } from "./expectations.ts";
import type { Harness } from "./harness.ts";

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 1);
const TOTAL = 120;

/** 120 pictures: a day apart, four owners, every tenth without a date, tags that overlap. */
function picture(i: number): Record<string, unknown> {
  const tags = [`t${i % 3}`, `u${i % 7}`];
  const ranked = i % 4 === 0 ? {} : { rank: i % 6 };
  const dated = i % 10 === 9 ? {} : { taken: new Date(START + (i % 60) * DAY).toISOString() };
  return {
    id: `p${String(i).padStart(3, "0")}`,
    owner: `o${i % 4}`,
    tags,
    size: i,
    public: i % 2 === 0,
    title: i % 5 === 0 ? "sea and sun" : "sea",
    camera: { make: `m${i % 2}`, model: "x" },
    ...dated,
    ...ranked,
  };
}

export function describeSearches(harness: Harness): void {
  describe("searches", () => {
    let index = "";
    // A search over a point in time names no index.
    async function run(body: SearchBody, target = index): Promise<SearchAnswer> {
      const request = "pit" in body ? { body } : { index: target, body };
      return (await harness.client.search(request)).body as unknown as SearchAnswer;
    }
    const idsOf = (answer: SearchAnswer) => answer.hits.hits.map((hit) => hit._id);
    /** Reads all pages of a search by search_after. */
    async function pages(body: SearchBody, target = index): Promise<string[]> {
      const ids: string[] = [];
      let after: unknown[] | undefined;
      for (;;) {
        const answer = await run({ ...body, ...(after ? { search_after: after } : {}) }, target);
        if (answer.hits.hits.length === 0) return ids;
        if (ids.length > 2 * TOTAL) throw new Error("the pages have no end");
        ids.push(...idsOf(answer));
        after = answer.hits.hits.at(-1)?.sort;
      }
    }
    const mappings = {
      dynamic: "strict" as const,
      properties: {
        id: { type: "keyword" as const },
        owner: { type: "keyword" as const },
        tags: { type: "keyword" as const },
        taken: { type: "date" as const },
        size: { type: "integer" as const },
        rank: { type: "long" as const },
        public: { type: "boolean" as const },
        title: { type: "text" as const },
        camera: {
          properties: { make: { type: "keyword" as const }, model: { type: "keyword" as const } },
        },
      },
    };
    const settings = { number_of_shards: 1, number_of_replicas: 0 };

    beforeAll(async () => {
      index = harness.name("searches");
      await harness.client.indices.create({ index, body: { settings, mappings } });
      const lines = Array.from({ length: TOTAL }, (_, i) => picture(i)).flatMap((source) => [
        { index: { _id: String(source.id) } },
        source,
      ]);
      await harness.client.bulk({ index, refresh: true, body: lines });
    });

    it("gives ten hits, the exact total, and documents as they were sent", async () => {
      const answer = await run({});
      expect(answer.hits.total).toEqual({ value: TOTAL, relation: "eq" });
      expect(answer.hits.hits).toHaveLength(10);
      expect(answer.hits.max_score).toBe(1);
      expect(answer.hits.hits[0]).toEqual({
        _index: index,
        _id: "p000",
        _score: 1,
        _source: picture(0),
      });
    });

    it("counts hits as far as asked", async () => {
      expect((await run({ track_total_hits: 50 })).hits.total).toEqual({
        value: 50,
        relation: "gte",
      });
      expect((await run({ track_total_hits: true })).hits.total?.value).toBe(TOTAL);
      expect((await run({ track_total_hits: false })).hits.total).toBeUndefined();
      const counted = await harness.client.count({
        index,
        body: { query: { term: { owner: "o1" } } },
      });
      expect(counted.body.count).toBe(30);
    });

    it("shows the fields that are asked for", async () => {
      const source = async (_source: unknown) =>
        (await run({ size: 1, _source })).hits.hits[0]?._source;
      expect(await source(["id", "camera.make"])).toEqual({ id: "p000", camera: { make: "m0" } });
      expect(await source("own*")).toEqual({ owner: "o0" });
      expect(await source({ includes: ["camera"], excludes: ["*.model"] })).toEqual({
        camera: { make: "m0" },
      });
      expect(await source(false)).toBeUndefined();
    });

    it("sorts by a field and then by another, without scores", async () => {
      const answer = await run({ size: 4, sort: [{ owner: "desc" }, { size: { order: "asc" } }] });
      expect(idsOf(answer)).toEqual(["p003", "p007", "p011", "p015"]);
      expect(answer.hits.max_score).toBeNull();
      expect(answer.hits.hits[0]).toMatchObject({ _score: null, sort: ["o3", 3] });
    });

    it("sorts documents without the field last, or where asked", async () => {
      const last = await run({ size: TOTAL, sort: [{ taken: "desc" }, { id: "asc" }] });
      expect(idsOf(last).slice(-12)).toEqual(
        Array.from({ length: 12 }, (_, i) => `p${String(i * 10 + 9).padStart(3, "0")}`),
      );
      const first = await run({
        size: 1,
        sort: [{ taken: { order: "desc", missing: "_first" } }, { id: "asc" }],
      });
      expect(idsOf(first)).toEqual(["p009"]);
      const substituted = await run({
        size: 1,
        sort: [{ taken: { order: "asc", missing: 0 } }, { id: "asc" }],
      });
      expect(substituted.hits.hits[0]?.sort).toEqual([0, "p009"]);
    });

    it("sorts several values by the smallest ascending and the largest descending", async () => {
      const up = await run({ size: 1, sort: [{ tags: "asc" }, { id: "asc" }] });
      expect(up.hits.hits[0]?.sort).toEqual(["t0", "p000"]);
      const down = await run({ size: 1, sort: [{ tags: "desc" }, { id: "asc" }] });
      expect(down.hits.hits[0]?.sort).toEqual(["u6", "p006"]);
    });

    it("refuses to sort by what it cannot", async () => {
      const sort = (key: unknown) => refusal(run({ sort: [key] }));
      expect(await sort({ absent: "asc" })).toMatchObject({
        status: 400,
        type: "query_shard_exception",
      });
      expect(await sort({ title: "asc" })).toMatchObject({
        status: 400,
        type: "illegal_argument_exception",
      });
      const answer = await run({
        size: 1,
        sort: [{ absent: { order: "asc", unmapped_type: "keyword" } }, { id: "asc" }],
      });
      expect(answer.hits.hits[0]?.sort).toEqual([null, "p000"]);
    });

    const scored = (field: string, value: string, boost: number) => ({
      constant_score: { filter: { term: { [field]: value } }, boost },
    });
    const constants = {
      bool: {
        should: [scored("tags", "t1", 4), scored("owner", "o2", 2)],
        filter: { match_all: {} },
      },
    };

    it("sums constants to a score, whether it sorts by it or tells it", async () => {
      const scores = (sum: SearchAnswer) => sum.hits.hits.map((hit) => [hit._id, hit._score]);
      const best = await run({ query: constants, size: 2 });
      expect(scores(best)).toEqual([
        ["p010", 6],
        ["p022", 6],
      ]);
      const least = await run({
        query: constants,
        size: 2,
        sort: [{ _score: "asc" }, { id: "desc" }],
      });
      expect(scores(least)).toEqual([
        ["p119", 0],
        ["p117", 0],
      ]);
      const told = await run({ query: constants, size: 3, sort: ["id"], track_scores: true });
      expect(scores(told)).toEqual([
        ["p000", 0],
        ["p001", 4],
        ["p002", 2],
      ]);
    });

    it("answers a search without hits as of the last refresh, each time anew", async () => {
      const own = harness.name("summaries");
      const { client } = harness;
      await client.indices.create({ index: own, body: { settings, mappings } });
      const owners = { terms: { field: "owner" } };
      const summary = async () => {
        const answer = await run({ size: 0, track_total_hits: true, aggs: { owners } }, own);
        return [answer.hits.total?.value, answer.aggregations.owners.buckets];
      };
      expect(await summary()).toEqual([0, []]);
      await client.index({ index: own, id: "1", body: { owner: "o1" } });
      await client.indices.refresh({ index: own });
      for (let time = 0; time < 2; time += 1) {
        expect(await summary()).toEqual([1, [{ key: "o1", doc_count: 1 }]]);
      }
      await client.index({ index: own, id: "1", body: { owner: "o2" } });
      await client.indices.refresh({ index: own });
      expect(await summary()).toEqual([1, [{ key: "o2", doc_count: 1 }]]);
    });

    it.each<[string, SearchBody]>([
      ["newest first", { sort: [{ taken: { order: "desc", missing: 0 } }, { id: "asc" }] }],
      ["oldest first", { sort: [{ taken: { order: "asc", missing: 0 } }, { id: "desc" }] }],
      [
        "relevance",
        { query: { match: { title: "sea sun" } }, sort: [{ _score: "desc" }, { id: "asc" }] },
      ],
      [
        "relevance, then date",
        {
          query: { match: { title: "sun sea" } },
          sort: ["_score", { taken: { order: "desc", missing: 0 } }, { id: "asc" }],
        },
      ],
      ["constants", { query: constants, sort: [{ _score: "desc" }, { id: "asc" }] }],
      [
        "constants, the least first",
        { query: constants, sort: [{ _score: "asc" }, { id: "asc" }] },
      ],
      ["numbers, of which some are missing", { sort: [{ rank: "desc" }, { id: "asc" }] }],
      ["several values", { sort: [{ tags: "desc" }, { id: "asc" }] }],
    ])("pages through everything once by search_after: %s", async (_, body) => {
      const whole = idsOf(await run({ ...body, size: TOTAL }));
      const paged = await pages({ ...body, size: 7 });
      expect(paged).toHaveLength(TOTAL);
      expect(paged).toEqual(whole);
    });

    it("refuses a search_after that does not fit the sort", async () => {
      const refused = { status: 400, type: "illegal_argument_exception" };
      expect(await refusal(run({ sort: [{ id: "asc" }], search_after: ["a", "b"] }))).toMatchObject(
        refused,
      );
      expect(await refusal(run({ search_after: ["a"] }))).toMatchObject(refused);
    });

    it("does not page on from a missing date, whose mark JavaScript rounds", async () => {
      const sort = [{ taken: "asc" }, { id: "asc" }];
      const last = await run({ sort, size: TOTAL });
      const after = last.hits.hits.at(-1)?.sort;
      expect(after).toEqual([2 ** 63, "p119"]);
      const next = run({ sort, search_after: after });
      expect(await refusal(next)).toMatchObject({ status: 400, type: "parse_exception" });
    });

    it("gives pages by from and size up to 10,000", async () => {
      const answer = await run({ from: 5, size: 3, sort: [{ id: "asc" }] });
      expect(idsOf(answer)).toEqual(["p005", "p006", "p007"]);
      expect((await run({ from: 9_000, size: 1_000 })).hits.hits).toEqual([]);
      expect(await refusal(run({ from: 9_999, size: 2 }))).toMatchObject({
        status: 400,
        type: "illegal_argument_exception",
      });
      expect(await refusal(run({ size: -1 }))).toMatchObject({
        status: 400,
        type: "illegal_argument_exception",
      });
    });

    it("counts the values of a field", async () => {
      const { aggregations } = await run({
        size: 0,
        aggs: {
          tags: { terms: { field: "tags", size: 4 } },
          owners: { terms: { field: "owner", order: { _key: "desc" } } },
          flags: { terms: { field: "public" } },
          none: { terms: { field: "absent" } },
        },
      });
      expect(aggregations.tags).toEqual({
        doc_count_error_upper_bound: 0,
        sum_other_doc_count: 102,
        buckets: [
          { key: "t0", doc_count: 40 },
          { key: "t1", doc_count: 40 },
          { key: "t2", doc_count: 40 },
          { key: "u0", doc_count: 18 },
        ],
      });
      expect(aggregations.owners.buckets.map((bucket: { key: string }) => bucket.key)).toEqual([
        "o3",
        "o2",
        "o1",
        "o0",
      ]);
      expect(aggregations.flags.buckets).toEqual([
        { key: 0, key_as_string: "false", doc_count: 60 },
        { key: 1, key_as_string: "true", doc_count: 60 },
      ]);
      expect(aggregations.none.buckets).toEqual([]);
    });

    it("completes tags by a prefix", async () => {
      const { aggregations } = await run({
        size: 0,
        query: { prefix: { tags: "u" } },
        aggs: {
          tags: { terms: { field: "tags", include: "u.*", size: 2 } },
          some: {
            terms: { field: "tags", include: "t[01]|u5", exclude: "t1", order: { _key: "asc" } },
          },
          listed: { terms: { field: "tags", include: ["t2"], min_doc_count: 1 } },
          many: { terms: { field: "tags", min_doc_count: 18, include: "u.*" } },
        },
      });
      const keys = (name: string) =>
        aggregations[name].buckets.map((bucket: { key: string }) => bucket.key);
      expect(keys("tags")).toEqual(["u0", "u1"]);
      expect(keys("some")).toEqual(["t0", "u5"]);
      expect(keys("listed")).toEqual(["t2"]);
      expect(keys("many")).toEqual(["u0"]);
    });

    it("counts by month and by day, with the empty ones unless told otherwise", async () => {
      const { aggregations } = await run({
        size: 0,
        query: { range: { taken: { gte: "2024-01-30", lt: "2024-02-12" } } },
        aggs: {
          months: {
            date_histogram: {
              field: "taken",
              calendar_interval: "month",
              format: "yyyy-MM",
              order: { _key: "desc" },
            },
          },
          days: {
            date_histogram: { field: "taken", calendar_interval: "day", format: "yyyy-MM-dd" },
          },
          filled: { date_histogram: { field: "taken", calendar_interval: "1d", min_doc_count: 1 } },
        },
      });
      expect(aggregations.months.buckets).toEqual([
        { key_as_string: "2024-02", key: Date.UTC(2024, 1), doc_count: 20 },
        { key_as_string: "2024-01", key: Date.UTC(2024, 0), doc_count: 2 },
      ]);
      expect(aggregations.days.buckets).toHaveLength(12);
      expect(
        aggregations.days.buckets.filter((day: { doc_count: number }) => day.doc_count === 0),
      ).toEqual([{ key_as_string: "2024-02-09", key: Date.UTC(2024, 1, 9), doc_count: 0 }]);
      expect(aggregations.filled.buckets).toHaveLength(11);
      expect(aggregations.filled.buckets[0].key_as_string).toBe("2024-01-31T00:00:00.000Z");
    });

    it("aggregates parts, and figures within parts", async () => {
      const { aggregations } = await run({
        size: 0,
        aggs: {
          even: { filter: { term: { public: true } }, aggs: { bytes: { sum: { field: "size" } } } },
          parts: {
            filters: { filters: { first: { term: { owner: "o0" } }, none: { match_none: {} } } },
          },
          owners: {
            terms: { field: "owner", size: 1, order: { _key: "asc" } },
            aggs: {
              bytes: { sum: { field: "size" } },
              tags: { terms: { field: "tags", size: 1 } },
            },
          },
          months: {
            date_histogram: { field: "taken", calendar_interval: "month" },
            aggs: { largest: { max: { field: "size" } } },
          },
          dated: { value_count: { field: "taken" } },
          kinds: { cardinality: { field: "tags" } },
        },
      });
      expect(aggregations.even).toEqual({ doc_count: 60, bytes: { value: 3540 } });
      expect(aggregations.parts.buckets).toEqual({
        first: { doc_count: 30 },
        none: { doc_count: 0 },
      });
      expect(aggregations.owners.buckets[0]).toMatchObject({
        key: "o0",
        doc_count: 30,
        bytes: { value: 1740 },
        tags: { buckets: [{ key: "t0", doc_count: 10 }] },
      });
      expect(
        aggregations.months.buckets.map(
          (month: { largest: { value: number } }) => month.largest.value,
        ),
      ).toEqual([90, 118]);
      expect(aggregations.dated.value).toBe(108);
      expect(aggregations.kinds.value).toBe(10);
    });

    it("filters hits after it has aggregated", async () => {
      const answer = await run({
        query: { term: { owner: "o1" } },
        post_filter: { term: { tags: "u1" } },
        aggs: { owners: { terms: { field: "owner" } } },
      });
      expect(answer.hits.total?.value).toBe(5);
      expect(answer.aggregations.owners.buckets).toEqual([{ key: "o1", doc_count: 30 }]);
    });

    it("refuses aggregations that make no sense", async () => {
      expect(await refusal(run({ aggs: { a: { nonsense: {} } } }))).toMatchObject({
        status: 400,
        type: "parsing_exception",
      });
      expect(await refusal(run({ aggs: { a: { terms: { field: "title" } } } }))).toMatchObject({
        status: 400,
        type: "illegal_argument_exception",
      });
    });

    it("pages over a point in time as if nothing had changed since", async () => {
      const { client } = harness;
      const own = harness.name("pit");
      await client.indices.create({ index: own, body: { settings, mappings } });
      const put = (i: number) =>
        client.index({ index: own, id: String(i), body: { id: String(i), size: i } });
      for (let i = 0; i < 9; i += 1) await put(i);
      await client.indices.refresh({ index: own });
      const { body: opened } = await client.createPit({ index: [own], keep_alive: "1m" });
      const id = String(opened.pit_id);
      const page = { size: 4, sort: [{ size: "asc" }], pit: { id, keep_alive: "1m" } };
      await client.delete({ index: own, id: "5" });
      await client.index({ index: own, id: "6", body: { id: "6", size: 99 } });
      await put(20);
      await client.indices.refresh({ index: own });
      expect(await pages(page)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
      expect(await pages({ size: 4, sort: [{ size: "asc" }] }, own)).toEqual([
        "0",
        "1",
        "2",
        "3",
        "4",
        "7",
        "8",
        "20",
        "6",
      ]);
      const removed = await client.deletePit({ body: { pit_id: [id] } });
      expect(removed.body.pits).toEqual([{ successful: true, pit_id: id }]);
      expect(await refusal(client.search({ body: page as object }))).toMatchObject({
        status: 404,
        type: "search_context_missing_exception",
      });
    });

    it("refuses points in time that make no sense", async () => {
      const { client } = harness;
      const pit = { id: "bm9uc2Vuc2U" };
      expect((await refusal(client.search({ body: { pit } as object }))).status).toBe(400);
      expect(await refusal(client.createPit({ index: [index], keep_alive: "25h" }))).toMatchObject({
        status: 400,
        type: "illegal_argument_exception",
      });
      const absent = client.createPit({ index: [harness.name("no-pit")], keep_alive: "1m" });
      expect(await refusal(absent)).toMatchObject({
        status: 404,
        type: "index_not_found_exception",
      });
    });
  });
}
