import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cataloged, deleted, picture, startSearch } from "../search.testkit.ts";

let search: Awaited<ReturnType<typeof startSearch>>;

beforeAll(async () => {
  search = await startSearch();
  const bob = { ownerId: "bob" } as const;
  const gone = picture({ tags: ["lisbon", "gone"] });
  await search.deliver(
    ...[
      picture({ tags: ["lisbon", "lisbon-trip", "lis_bon", "café"] }),
      picture({ tags: ["lisbon", "lissabon", "listen"] }),
      picture({ tags: ["lisbon-trip", "listen", "東京", "été"] }),
      picture({ tags: ["lisbon-trip"], visibility: "public" }),
      picture({ tags: ["listen"], status: "rejected" }),
      picture({ tags: ["lisbon", "lidded"], ...bob }),
      picture({ tags: ["lisbon", "lime"], visibility: "public", ...bob }),
      gone,
    ].map(cataloged),
  );
  await search.deliver(deleted(gone, 2));
});
afterAll(() => search.close());

async function tags(query: string, userId?: string): Promise<[string, number][]> {
  const { status, body } = await search.get(`/v1/search/tags?${query}`, userId);
  expect(status).toBe(200);
  const items = body.items as unknown as { tag: string; count: number }[];
  return items.map(({ tag, count }) => [tag, count]);
}

describe("GET /v1/search/tags", () => {
  it("completes a beginning with what the caller uses, most used first, then by characters", async () => {
    expect(await tags("prefix=lis")).toEqual([
      ["lisbon-trip", 3],
      ["lisbon", 2],
      ["listen", 2],
      ["lis_bon", 1],
      ["lissabon", 1],
    ]);
    expect(await tags("prefix=lisbon-")).toEqual([["lisbon-trip", 3]]);
    expect(await tags("prefix=lis_")).toEqual([["lis_bon", 1]]);
    expect(await tags("prefix=lis&limit=1")).toEqual([["lisbon-trip", 3]]);
    expect(await tags("prefix=zz")).toEqual([]);
    expect(await tags(`prefix=${encodeURIComponent("龘")}`)).toEqual([]);
  });

  it("takes the beginning as tags are written", async () => {
    expect(await tags("prefix=+LISBON-T+")).toEqual([["lisbon-trip", 3]]);
    expect(await tags(`prefix=${encodeURIComponent("CAFE\u0301")}`)).toEqual([["café", 1]]);
    expect(await tags(`prefix=${encodeURIComponent("東")}`)).toEqual([["東京", 1]]);
  });

  it("answers the most used ones when nothing is typed", async () => {
    expect((await tags("limit=2")).map(([tag]) => tag)).toEqual(["lisbon-trip", "lisbon"]);
    expect(await tags("prefix=&limit=1")).toEqual([["lisbon-trip", 3]]);
  });

  it("counts only what the caller may see, and what is ready and there", async () => {
    expect(await tags("prefix=li&scope=public")).toEqual([
      ["lime", 1],
      ["lisbon", 1],
      ["lisbon-trip", 1],
    ]);
    expect(await tags("prefix=lisbon&scope=all")).toEqual([
      ["lisbon", 3],
      ["lisbon-trip", 3],
    ]);
    expect(await tags("prefix=li", "bob")).toEqual([
      ["lisbon", 2],
      ["lidded", 1],
      ["lime", 1],
    ]);
    expect(await tags("prefix=l&scope=all", "carol")).toEqual(await tags("prefix=l&scope=public"));
    expect(await tags("prefix=gone&scope=all")).toEqual([]);
    expect(await tags("", "carol")).toEqual([]);
  });

  it.each([
    ["prefix=a.*", "prefix"],
    ["prefix=a%7Cb", "prefix"],
    ["prefix=%22", "prefix"],
    ["prefix=a+b", "prefix"],
    [`prefix=${"x".repeat(65)}`, "prefix"],
    ["prefix=a&prefix=b", "prefix"],
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["scope=theirs", "scope"],
    ["q=a", "q"],
    ["userId=bob", "userId"],
  ])("%s is a 400 that names %s", async (query, field) => {
    const { status, body } = await search.get(`/v1/search/tags?${query}`);
    expect(status).toBe(400);
    expect(body.errors?.map((error) => error.field)).toContain(field);
  });
});
