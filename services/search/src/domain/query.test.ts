import { describe, expect, it } from "vitest";
import { pageBody, type SearchRequest, summaryBody, tagsBody, versionsBody } from "./query.ts";
import { parseWords, type Word } from "./words.ts";

const request: SearchRequest = {
  words: [],
  typos: false,
  asYouType: false,
  tag: [],
  anyTag: [],
  notTag: [],
  scope: "mine",
  sort: "newest",
  facets: [],
  limit: 10,
};

function filterOf(changes: Partial<SearchRequest>): unknown[] {
  type Body = { query: { bool: { filter: unknown[] } } };
  const page = pageBody({ ...request, ...changes }, "ann") as Body;
  const summary = summaryBody({ ...request, ...changes }, "ann") as Body;
  expect(summary.query.bool.filter).toEqual(page.query.bool.filter);
  return page.query.bool.filter;
}

describe("who may see what is part of every query", () => {
  it("mine: the owner is the caller", () => {
    expect(filterOf({ scope: "mine" })).toContainEqual({ term: { ownerId: "ann" } });
  });

  it("public: whatever its owner made public", () => {
    expect(filterOf({ scope: "public" })).toContainEqual({ term: { visibility: "public" } });
  });

  it("all: one or the other, and nothing else", () => {
    expect(filterOf({ scope: "all" })).toContainEqual({
      bool: {
        should: [{ term: { ownerId: "ann" } }, { term: { visibility: "public" } }],
        minimum_should_match: 1,
      },
    });
  });

  it("deleted, rejected and unfinished pictures are never found", () => {
    for (const scope of ["mine", "public", "all"] as const) {
      expect(filterOf({ scope })).toEqual(
        expect.arrayContaining([{ term: { deleted: false } }, { term: { status: "ready" } }]),
      );
    }
  });
});

function words(query: string): Word[] {
  const parsed = parseWords(query);
  if ("words" in parsed) return parsed.words;
  throw new Error(parsed.mistake);
}

describe("what a query asks in words", () => {
  const exactly = (query: string) => ({
    match_phrase: { words: { query, zero_terms_query: "all" } },
  });
  const wordClauses = (changes: Partial<SearchRequest>) => filterOf(changes).slice(3);

  it("each word, and what it consists of in a row", () => {
    expect(wordClauses({ words: words("wi-fi 東京") })).toEqual([
      exactly("wi fi"),
      exactly("東京"),
    ]);
  });

  it("words that are almost right, with an effort that has a bound; ideographs as they are", () => {
    const [latin, ideographs] = wordClauses({ words: words("sunet 東京"), typos: true });
    expect(latin).toMatchObject({
      match: {
        words: { operator: "and", fuzziness: "AUTO", prefix_length: 1, max_expansions: 50 },
      },
    });
    expect(ideographs).toEqual(exactly("東京"));
  });

  it("the beginning of the last word alone, after what is written without spaces", () => {
    const begun = (query: string) => ({ match_bool_prefix: { words: { query, operator: "and" } } });
    const asYouType = true;
    expect(wordClauses({ words: words("red sun"), asYouType })).toEqual([
      exactly("red"),
      begun("sun"),
    ]);
    expect(wordClauses({ words: words("東京タワ"), asYouType })).toEqual([
      exactly("東京"),
      begun("タワ"),
    ]);
    expect(wordClauses({ words: words("東京"), asYouType })).toEqual([exactly("東京")]);
    expect(wordClauses({ words: words("🎉"), asYouType })).toEqual([exactly("🎉")]);
  });

  it("scores by constants only, so that a score depends on one picture alone", () => {
    for (const [typos, asYouType] of [
      [false, false],
      [true, true],
    ] as const) {
      const all = { ...request, words: words("red sun"), typos, asYouType };
      const { query } = pageBody({ ...all, sort: "relevance" }, "ann") as {
        query: { bool: { must?: unknown; should: object[] } };
      };
      expect(query.bool.must).toBeUndefined();
      for (const clause of query.bool.should)
        expect(Object.keys(clause)).toEqual(["constant_score"]);
      expect(pageBody({ ...all, sort: "newest" }, "ann")).not.toHaveProperty("query.bool.should");
    }
  });

  it("never in a language of queries", () => {
    const body = JSON.stringify(pageBody({ ...request, words: words("a:b (c) d/e") }, "ann"));
    expect(body).not.toMatch(/query_string|regexp|wildcard|script/);
  });
});

describe("what else is asked", () => {
  it("tags of what the caller may see, by a prefix that is a pattern as it stands", () => {
    const body = JSON.stringify(tagsBody({ prefix: "a-b_ç", scope: "mine", limit: 5 }, "ann"));
    expect(body).toContain('{"term":{"ownerId":"ann"}}');
    expect(body).toContain('"include":"a-b_ç.*"');
    const all = JSON.stringify(tagsBody({ prefix: "", scope: "all", limit: 5 }, "ann"));
    expect(all).not.toMatch(/include|prefix/);
  });

  it("versions of the caller's own images only", () => {
    expect(versionsBody(["1"], "ann")).toMatchObject({
      query: { bool: { filter: [{ term: { ownerId: "ann" } }, { terms: { imageId: ["1"] } }] } },
    });
  });
});

describe("what a query asks", () => {
  it("all tags one by one, any of them together", () => {
    expect(filterOf({ tag: ["a", "b"], anyTag: ["c", "d"] })).toEqual(
      expect.arrayContaining([
        { term: { tags: "a" } },
        { term: { tags: "b" } },
        { terms: { tags: ["c", "d"] } },
      ]),
    );
  });

  it("ranges that include their beginning and exclude their end", () => {
    expect(
      filterOf({ from: "2026-01-01T00:00:00.000Z", takenTo: "2026-02-01T00:00:00.000Z" }),
    ).toEqual(
      expect.arrayContaining([
        { range: { uploadedAt: { gte: "2026-01-01T00:00:00.000Z" } } },
        { range: { takenAt: { lt: "2026-02-01T00:00:00.000Z" } } },
      ]),
    );
  });

  it("an order that no two pictures share", () => {
    for (const sort of ["relevance", "newest", "oldest"] as const) {
      const { sort: order } = pageBody({ ...request, sort }, "ann") as { sort: object[] };
      expect(Object.keys(order.at(-1) ?? {})).toEqual(["imageId"]);
    }
  });
});

describe("what is told of all pages", () => {
  const all: SearchRequest = { ...request, tag: ["sea"], notTag: ["draft"], facets: ["months"] };

  it("is asked for in the same words for every page and order, so that the engine knows the answer", () => {
    const next: SearchRequest = { ...all, limit: 20, searchAfter: [0, "id"] };
    expect(summaryBody(next, "ann")).toEqual(summaryBody(all, "ann"));
    expect(summaryBody({ ...all, sort: "relevance" }, "ann")).toEqual(summaryBody(all, "ann"));
  });

  it("is an exact total of what the pages consist of, and the pages count nothing", () => {
    const [page, summary] = [pageBody(all, "ann"), summaryBody(all, "ann")];
    expect(summary).toMatchObject({ size: 0, track_total_hits: true });
    expect(page.track_total_hits).toBe(false);
    expect(page).not.toHaveProperty("aggs");
    expect(page.query).toEqual(summary.query);
  });
});
