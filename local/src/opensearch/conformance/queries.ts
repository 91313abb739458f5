import { beforeAll, describe, expect, it } from "vitest";
import { refusal, type SearchBody } from "./expectations.ts";
import type { Harness } from "./harness.ts";

type Query = Record<string, unknown>;

const DOCUMENTS: Record<string, object> = {
  beach: {
    title: "Red beach at sunset",
    tags: ["beach", "sunset"],
    owner: "ann",
    taken: "2024-01-05",
    size: 10,
    public: true,
  },
  cafe: {
    title: "Café by the sea",
    tags: ["Café"],
    owner: "ann",
    taken: "2024-01-05T23:30:00Z",
    size: 20,
    public: false,
  },
  tokyo: {
    title: "東京タワー in the rain",
    tags: "tokyo",
    owner: "bob",
    taken: "2024-02-29T12:00:00+02:00",
    size: 30,
    public: true,
  },
  camera: {
    title: "img_2041.jpg don't",
    owner: "bob",
    taken: 1_709_632_800_000,
    size: 40,
    camera: { make: "Fuji" },
  },
  plain: { title: ["beach", "walk"], owner: "eve", secret: "x", raw: { anything: 1 } },
};

export function describeQueries(harness: Harness): void {
  describe("queries", () => {
    let index = "";
    const run = (body: SearchBody) => harness.client.search({ index, body });
    async function find(query: Query): Promise<string[]> {
      const { body } = await run({ query, size: 100, _source: false });
      return body.hits.hits.map((hit) => String(hit._id)).sort();
    }
    const filtered = (filter: Query) => find({ bool: { filter } });

    beforeAll(async () => {
      index = harness.name("queries");
      await harness.client.indices.create({
        index,
        body: {
          settings: {
            number_of_shards: 1,
            number_of_replicas: 0,
            analysis: {
              normalizer: { folded: { type: "custom", filter: ["lowercase", "asciifolding"] } },
              analyzer: {
                folded: {
                  type: "custom",
                  tokenizer: "standard",
                  filter: ["lowercase", "asciifolding"],
                },
              },
            },
          },
          mappings: {
            dynamic: "strict",
            properties: {
              title: {
                type: "text",
                analyzer: "folded",
                fields: {
                  exact: { type: "text" },
                  keyword: { type: "keyword", ignore_above: 20 },
                },
              },
              tags: { type: "keyword", normalizer: "folded" },
              owner: { type: "keyword" },
              taken: { type: "date" },
              size: { type: "long" },
              public: { type: "boolean" },
              camera: { properties: { make: { type: "keyword" } } },
              secret: { type: "keyword", index: false, doc_values: false },
              raw: { type: "object", enabled: false },
            },
          },
        },
      });
      const lines = Object.entries(DOCUMENTS).flatMap(([_id, source]) => [
        { index: { _id } },
        source,
      ]);
      const { body } = await harness.client.bulk({ index, refresh: true, body: lines });
      expect(body.errors).toBe(false);
    });

    it.each<[string, Query, string[]]>([
      ["match_all", { match_all: {} }, ["beach", "cafe", "camera", "plain", "tokyo"]],
      ["match_none", { match_none: {} }, []],
      ["a term", { term: { owner: "ann" } }, ["beach", "cafe"]],
      [
        "a term with its value spelled out",
        { term: { owner: { value: "ann" } } },
        ["beach", "cafe"],
      ],
      ["a term is compared as it is", { term: { owner: "Ann" } }, []],
      ["a term passes the normalizer", { term: { tags: "CAFE" } }, ["cafe"]],
      ["a term among several values", { term: { tags: "sunset" } }, ["beach"]],
      ["a term of text is one token", { term: { title: "beach" } }, ["beach", "plain"]],
      ["a term of text is not analyzed", { term: { title: "Beach" } }, []],
      ["a number", { term: { size: 20 } }, ["cafe"]],
      ["a boolean", { term: { public: true } }, ["beach", "tokyo"]],
      ["a field that the mapping does not have", { term: { absent: "x" } }, []],
      ["terms", { terms: { tags: ["beach", "tokyo", "none"] } }, ["beach", "tokyo"]],
      ["no terms", { terms: { tags: [] } }, []],
      ["ids", { ids: { values: ["plain", "none", "cafe"] } }, ["cafe", "plain"]],
      ["exists", { exists: { field: "tags" } }, ["beach", "cafe", "tokyo"]],
      ["exists on an object", { exists: { field: "camera" } }, ["camera"]],
      [
        "a value longer than ignore_above is not there",
        { exists: { field: "title.keyword" } },
        ["beach", "cafe", "camera", "plain", "tokyo"],
      ],
      ["a prefix of a keyword", { prefix: { tags: "be" } }, ["beach"]],
      ["a prefix of a token", { prefix: { title: "tow" } }, []],
      ["a range of numbers", { range: { size: { gt: 10, lte: 30 } } }, ["cafe", "tokyo"]],
      [
        "a range of keywords",
        { range: { owner: { gte: "b", lt: "c" } } },
        ["tokyo", "camera"].sort(),
      ],
      [
        "a day up to its last millisecond",
        { range: { taken: { gte: "2024-01-05", lte: "2024-01-05" } } },
        ["beach", "cafe"],
      ],
      [
        "nothing before the first millisecond of a day",
        { range: { taken: { lt: "2024-01-05" } } },
        [],
      ],
      [
        "after a day means after its last millisecond",
        { range: { taken: { gt: "2024-01-05" } } },
        ["camera", "tokyo"],
      ],
      [
        "a month begins with its first day",
        { range: { taken: { gte: "2024-02", lt: "2024-03" } } },
        ["tokyo"],
      ],
      [
        "milliseconds since the epoch",
        { range: { taken: { gte: 1_709_632_800_000 } } },
        ["camera"],
      ],
      ["constant_score", { constant_score: { filter: { term: { owner: "eve" } } } }, ["plain"]],
    ])("finds by %s", async (_, query, expected) => {
      expect(await find(query)).toEqual(expected);
    });

    it.each<[string, Query, string[]]>([
      ["any of the words", { match: { title: "beach rain" } }, ["beach", "plain", "tokyo"]],
      [
        "all of the words",
        { match: { title: { query: "beach sunset", operator: "and" } } },
        ["beach"],
      ],
      [
        "as many words as asked",
        { match: { title: { query: "red beach rain", minimum_should_match: 2 } } },
        ["beach"],
      ],
      [
        "a share of the words",
        { match: { title: { query: "red beach rain walk", minimum_should_match: "50%" } } },
        ["beach", "plain"],
      ],
      ["words without regard to case and accents", { match: { title: "CAFE" } }, ["cafe"]],
      [
        "words with accents where the analyzer keeps them",
        { match: { "title.exact": "cafe" } },
        [],
      ],
      ["words with accents", { match: { "title.exact": "Café" } }, ["cafe"]],
      ["single ideographs", { match: { title: { query: "京", operator: "and" } } }, ["tokyo"]],
      ["a run of katakana", { match: { title: "タワー" } }, ["tokyo"]],
      ["no part of a run of katakana", { match: { title: "タ" } }, []],
      ["words joined by an underscore as one", { match: { title: "2041" } }, []],
      [
        "a dot splits what is not a word on both sides",
        { match: { title: "img_2041" } },
        ["camera"],
      ],
      ["a word with an apostrophe", { match: { title: "DON'T" } }, ["camera"]],
      ["nothing for marks alone", { match: { title: "!!" } }, []],
      ["a keyword as a whole", { match: { tags: "Beach" } }, ["beach"]],
      ["a date", { match: { taken: "2024-01-05T23:30:00Z" } }, ["cafe"]],
      ["a phrase", { match_phrase: { title: "beach at sunset" } }, ["beach"]],
      ["no phrase in another order", { match_phrase: { title: "sunset beach" } }, []],
      ["no phrase across two values", { match_phrase: { title: "beach walk" } }, []],
      [
        "a phrase whose last word begins so",
        { match_phrase_prefix: { title: "beach at sun" } },
        ["beach"],
      ],
      [
        "words of which the last begins so",
        { match_bool_prefix: { title: "rain be" } },
        ["beach", "plain", "tokyo"],
      ],
      [
        "words of which all, the last begun, are needed",
        { match_bool_prefix: { title: { query: "red be", operator: "and" } } },
        ["beach"],
      ],
      [
        "words in any of several fields",
        { multi_match: { query: "tokyo rain", fields: ["title", "tags"] } },
        ["tokyo"],
      ],
      [
        "all words in one of several fields",
        { multi_match: { query: "red beach", fields: ["title", "title.exact"], operator: "and" } },
        ["beach"],
      ],
      [
        "a phrase in any of several fields",
        {
          multi_match: { query: "by the sea", fields: ["title^3", "title.exact"], type: "phrase" },
        },
        ["cafe"],
      ],
      [
        "beginnings in several fields",
        { multi_match: { query: "red be", fields: ["title", "tags"], type: "bool_prefix" } },
        ["beach", "plain"],
      ],
    ])("matches %s", async (_, query, expected) => {
      expect(await find(query)).toEqual(expected);
    });

    it.each<[string, Query, string[]]>([
      [
        "must, filter and must_not",
        {
          must: { match: { title: "beach" } },
          filter: [{ exists: { field: "owner" } }],
          must_not: [{ term: { owner: "eve" } }],
        },
        ["beach"],
      ],
      ["must_not alone", { must_not: { exists: { field: "taken" } } }, ["plain"]],
      [
        "must_not of a missing value",
        { must_not: { term: { tags: "beach" } } },
        ["cafe", "camera", "plain", "tokyo"],
      ],
      [
        "should alone needs one",
        { should: [{ term: { owner: "eve" } }, { term: { size: 10 } }] },
        ["beach", "plain"],
      ],
      [
        "should beside a filter needs none",
        { filter: { term: { owner: "ann" } }, should: [{ term: { size: 10 } }] },
        ["beach", "cafe"],
      ],
      [
        "minimum_should_match",
        {
          should: [{ term: { owner: "ann" } }, { term: { size: 10 } }, { term: { public: true } }],
          minimum_should_match: 2,
        },
        ["beach"],
      ],
      [
        "a negative minimum_should_match",
        { should: [{ term: { owner: "ann" } }, { term: { size: 10 } }], minimum_should_match: -1 },
        ["beach", "cafe"],
      ],
      [
        "bool in bool",
        {
          filter: {
            bool: {
              should: [
                { term: { tags: "beach" } },
                { bool: { must_not: { exists: { field: "tags" } } } },
              ],
            },
          },
        },
        ["beach", "camera", "plain"],
      ],
      ["nothing at all is everything", {}, ["beach", "cafe", "camera", "plain", "tokyo"]],
    ])("combines %s", async (_, bool, expected) => {
      expect(await find({ bool })).toEqual(expected);
      expect(await filtered({ bool })).toEqual(expected);
    });

    it("keeps fields that are not indexed in the document only", async () => {
      expect(await refusal(run({ query: { term: { secret: "x" } } }))).toMatchObject({
        status: 400,
        type: "query_shard_exception",
      });
      const { body } = await run({ query: { ids: { values: ["plain"] } } });
      expect(body.hits.hits[0]?._source).toEqual(DOCUMENTS.plain);
    });

    it.each<[string, SearchBody, string]>([
      ["an unknown query", { query: { nonsense: {} } }, "parsing_exception"],
      [
        "two queries in one",
        { query: { term: { owner: "a" }, match_all: {} } },
        "parsing_exception",
      ],
      ["an empty query", { query: {} }, "illegal_argument_exception"],
      [
        "an unknown part of bool",
        { query: { bool: { nonsense: [] } } },
        "x_content_parse_exception",
      ],
      ["an unknown bound", { query: { range: { size: { nonsense: 1 } } } }, "parsing_exception"],
      [
        "an unknown option of match",
        { query: { match: { title: { query: "a", nonsense: 1 } } } },
        "parsing_exception",
      ],
      ["a list for a term", { query: { term: { owner: ["a"] } } }, "parsing_exception"],
      ["one value for terms", { query: { terms: { owner: "a" } } }, "parsing_exception"],
      ["a word for a number", { query: { term: { size: "many" } } }, "query_shard_exception"],
      [
        "a word in a range of numbers",
        { query: { range: { size: { gte: "many" } } } },
        "query_shard_exception",
      ],
      [
        "a word in a range of dates",
        { query: { range: { taken: { gte: "soon" } } } },
        "parse_exception",
      ],
      ["an unknown key of the search", { nonsense: 1 }, "parsing_exception"],
    ])("refuses %s", async (_, body, type) => {
      expect(await refusal(run(body))).toMatchObject({ status: 400, type });
    });

    it("scores by relevance", async () => {
      const { body } = await run({ query: { match: { title: "beach walk" } } });
      const hits = body.hits.hits.map((hit) => [hit._id, Number(hit._score)] as const);
      expect(hits.map(([id]) => id)).toEqual(["plain", "beach"]);
      expect(body.hits.max_score).toBe(hits[0]?.[1]);
      expect(hits[0]?.[1]).toBeGreaterThan(hits[1]?.[1] ?? 0);
    });

    it("scores a term by BM25 and the rest by constants", async () => {
      const score = async (query: Query, id: string) => {
        const { body } = await run({ query, size: 100 });
        return Number(body.hits.hits.find((hit) => hit._id === id)?._score);
      };
      // A keyword has no length, so its score is the rarity: ln(1 + (N - n + 0.5) / (n + 0.5)).
      expect(await score({ match: { title: "sunset" } }, "beach")).toBeGreaterThan(1);
      expect(await score({ term: { owner: "eve" } }, "plain")).toBeCloseTo(
        Math.log(1 + 4.5 / 1.5),
        5,
      );
      expect(await score({ term: { owner: { value: "eve", boost: 2 } } }, "plain")).toBeCloseTo(
        2 * Math.log(4),
        5,
      );
      expect(await score({ match_all: {} }, "plain")).toBe(1);
      expect(await score({ range: { size: { gte: 1 } } }, "beach")).toBe(1);
      expect(await score({ terms: { tags: ["beach"], boost: 3 } }, "beach")).toBe(3);
      expect(await score({ bool: { filter: { term: { owner: "eve" } } } }, "plain")).toBe(0);
      expect(
        await score(
          { constant_score: { filter: { match: { title: "rain" } }, boost: 4 } },
          "tokyo",
        ),
      ).toBe(4);
      expect(await score({ prefix: { title: "sun" } }, "beach")).toBe(1);
    });
  });
}
