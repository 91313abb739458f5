import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatView,
  isLibrary,
  isWholeLibrary,
  parseView,
  rangeOf,
  toSearchQuery,
} from "./view.ts";

describe("the address of a view", () => {
  it("says everything of a view, so that it can be gone back to and sent to others", () => {
    const views = fc.record({
      q: fc.constantFrom("", "sea", "golden gate", "été & co"),
      tags: fc.uniqueArray(fc.constantFrom("sea", "東京", "a_b")),
      month: fc.constantFrom(undefined, "2026-11", "1999-01"),
      scope: fc.constantFrom("mine" as const, "public" as const, "all" as const),
      sort: fc.constantFrom("newest" as const, "oldest" as const),
    });
    fc.assert(
      fc.property(views, (view) => {
        const { month, ...rest } = view;
        const expected = month === undefined ? rest : view;
        expect(parseView(formatView(view))).toEqual(expected);
      }),
    );
  });

  it("is short for the whole library, and is understood where it is nonsense", () => {
    expect(formatView(parseView(""))).toBe("");
    expect(parseView("?month=2026-13&scope=theirs&sort=up&what=ever")).toEqual({
      q: "",
      tags: [],
      scope: "mine",
      sort: "newest",
    });
  });

  it("orders by relevance as soon as there are words", () => {
    expect(parseView("?q=sea").sort).toBe("relevance");
    expect(parseView("?q=sea&sort=oldest").sort).toBe("oldest");
  });
});

describe("where a view comes from", () => {
  it("is the catalog for one's own pictures without words and tags, and the search otherwise", () => {
    expect(isWholeLibrary(parseView(""))).toBe(true);
    expect(isLibrary(parseView("?month=2026-11&sort=oldest"))).toBe(true);
    expect(isWholeLibrary(parseView("?month=2026-11"))).toBe(false);
    for (const search of ["?q=a", "?tag=a", "?scope=public", "?scope=all"]) {
      expect(isLibrary(parseView(search)), search).toBe(false);
    }
  });

  it("is asked for a month by the instants it begins and ends at", () => {
    expect(rangeOf("2026-11")).toEqual({ from: "2026-11-01", to: "2026-12-01" });
    expect(rangeOf("2026-12")).toEqual({ from: "2026-12-01", to: "2027-01-01" });
    expect(rangeOf(undefined)).toEqual({});
  });

  it("is never asked for what the search refuses, whatever somebody types", () => {
    const q = (typed: string) => toSearchQuery({ ...parseView(""), q: typed }).q;
    expect(q("-sea +sky")).toBe("sea sky");
    expect(q('"golden gate')).toBe("golden gate");
    expect(q("sun* ?")).toBe("sun");
    expect(q(" - ")).toBeUndefined();
    expect(q("🎉 l'été #tag")).toBe("🎉 l'été #tag");
    expect(q("x".repeat(100))).toBe("x".repeat(64));
  });
});
