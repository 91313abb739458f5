import { describe, expect, it } from "vitest";
import { type SearchRequest, searchBody } from "./query.ts";

const request: SearchRequest = {
  tag: [],
  anyTag: [],
  notTag: [],
  scope: "mine",
  sort: "newest",
  facets: [],
  limit: 10,
};

function filterOf(changes: Partial<SearchRequest>): unknown[] {
  const { query } = searchBody({ ...request, ...changes }, "ann") as {
    query: { bool: { filter: unknown[] } };
  };
  return query.bool.filter;
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
      const { sort: order } = searchBody({ ...request, sort }, "ann") as { sort: object[] };
      expect(Object.keys(order.at(-1) ?? {})).toEqual(["imageId"]);
    }
  });
});
