import { encodeCursor } from "@shoebox/shared/http/cursor";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cataloged, picture, startSearch } from "../search.testkit.ts";

let search: Awaited<ReturnType<typeof startSearch>>;
const beach = picture({
  caption: "Sunset at the café",
  tags: ["beach", "sunset"],
  uploadedAt: "2026-01-10T10:00:00.000Z",
  takenAt: "2025-12-31T23:00:00.000Z",
});
const city = picture({
  tags: ["city", "sunset"],
  fileName: "lisbon_tram-28.jpg",
  uploadedAt: "2026-02-10T10:00:00.000Z",
  visibility: "public",
});
const hill = picture({ tags: ["hill"], uploadedAt: "2026-02-11T10:00:00.000Z" });
const bobs = picture({ ownerId: "bob", tags: ["beach"], uploadedAt: "2026-03-01T10:00:00.000Z" });
const bobsPublic = picture({
  ownerId: "bob",
  tags: ["beach"],
  visibility: "public",
  uploadedAt: "2026-03-02T10:00:00.000Z",
});
const rejected = picture({ status: "rejected", tags: ["beach"], renditions: [] });

beforeAll(async () => {
  search = await startSearch();
  await search.deliver(...[beach, city, hill, bobs, bobsPublic, rejected].map(cataloged));
});
afterAll(() => search.close());

async function ids(query: string, userId?: string): Promise<string[]> {
  const { status, body } = await search.get(`/v1/search?${query}`, userId);
  expect(status).toBe(200);
  return body.items.map((item) => item.imageId);
}

describe("GET /v1/search finds", () => {
  it("my pictures that are ready, newest first, when nothing is asked", async () => {
    expect(await ids("")).toEqual([hill, city, beach].map((image) => image.imageId));
    expect(await ids("sort=oldest")).toEqual([beach, city, hill].map((image) => image.imageId));
  });

  it("by words in caption, file name and tags, all of them, without accents or case", async () => {
    expect(await ids("q=CAFE+sunset")).toEqual([beach.imageId]);
    expect(await ids("q=tram")).toEqual([city.imageId]);
    expect(await ids("q=hill")).toEqual([hill.imageId]);
    expect(await ids("q=sunset+hill")).toEqual([]);
  });

  it("by all, any and none of some tags", async () => {
    expect(await ids("tag=sunset&tag=beach")).toEqual([beach.imageId]);
    expect(await ids("anyTag=hill&anyTag=city")).toEqual([hill.imageId, city.imageId]);
    expect(await ids("notTag=sunset")).toEqual([hill.imageId]);
    expect(await ids("tag=Sunset")).toHaveLength(2);
  });

  it("by dates of upload and of taking, the beginning included and the end not", async () => {
    expect(await ids("from=2026-02-10T10:00:00.000Z&to=2026-02-11T10:00:00.000Z")).toEqual([
      city.imageId,
    ]);
    expect(await ids("takenFrom=2025-12-31&takenTo=2026-01-01")).toEqual([beach.imageId]);
  });

  it("only what the caller may see", async () => {
    expect(await ids("tag=beach")).toEqual([beach.imageId]);
    expect(await ids("scope=public")).toEqual([bobsPublic.imageId, city.imageId]);
    expect(await ids("scope=all&tag=beach")).toEqual([bobsPublic.imageId, beach.imageId]);
    expect(await ids("", "carol")).toEqual([]);
  });

  it("with facets and an exact total", async () => {
    const { body } = await search.get("/v1/search?facets=tags,months&limit=1");
    expect(body.total).toBe(3);
    expect(body.facets?.tags?.[0]).toEqual({ tag: "sunset", count: 2 });
    expect(body.facets?.months).toEqual([
      { month: "2026-01", count: 1 },
      { month: "2026-02", count: 2 },
    ]);
  });

  it("pictures whose renditions are signed", async () => {
    const { body } = await search.get("/v1/search?tag=hill");
    expect(body.items[0]?.renditions[0]?.url).toMatch(
      /^https:\/\/cdn\.example\/renditions\/.*Policy=.*Signature=/,
    );
    expect(JSON.stringify(body)).not.toContain('"key"');
  });
});

describe("paging", () => {
  it("meets every picture once, though one comes in the meantime", async () => {
    const first = await search.get("/v1/search?limit=2&scope=all");
    expect(first.headers.get("link")).toBe(
      `<?limit=2&scope=all&cursor=${first.body.nextCursor}>; rel="next"`,
    );
    await search.deliver(
      cataloged(picture({ uploadedAt: "2026-12-01T00:00:00.000Z", tags: ["late"] })),
    );
    const seen = first.body.items.map((item) => item.imageId);
    for (let cursor = first.body.nextCursor; cursor; ) {
      const { body } = await search.get(`/v1/search?limit=2&scope=all&cursor=${cursor}`);
      seen.push(...body.items.map((item) => item.imageId));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual([bobsPublic, hill, city, beach].map((image) => image.imageId));
  });

  it("refuses a cursor of another query, of another user, and a damaged one", async () => {
    const { body } = await search.get("/v1/search?limit=1");
    const cursor = String(body.nextCursor);
    for (const [query, user] of [
      [`limit=1&tag=hill&cursor=${cursor}`, "ann"],
      [`limit=1&cursor=${cursor}`, "bob"],
      [`limit=1&cursor=${cursor.slice(0, -2)}AA`, "ann"],
    ] as const) {
      const answer = await search.get(`/v1/search?${query}`, user);
      expect([answer.status, answer.body.type]).toEqual([
        400,
        "urn:shoebox:problem:invalid-cursor",
      ]);
    }
  });
});

describe("what can't be asked", () => {
  const damaged = encodeCursor([1, 2, 3], "another list");
  it.each([
    ["from=yesterday", "from"],
    ["from=0000-12-31", "from"],
    ["to=10000-01-01", "to"],
    ["takenTo=%2B012026-01-01", "takenTo"],
    ["from=2026-02-30", "from"],
    ["from=2026-02-02&to=2026-02-01", "to"],
    ["takenFrom=2026-02-02&takenTo=2026-02-02", "takenTo"],
    ["tag=no+spaces", "tag"],
    ["tag=", "tag"],
    [`anyTag=${"x".repeat(65)}`, "anyTag"],
    [Array.from({ length: 31 }, (_, i) => `notTag=t${i}`).join("&"), "notTag"],
    ["scope=theirs", "scope"],
    ["scope=mine&scope=all", "scope"],
    ["ownerId=bob", "ownerId"],
    ["userId=bob", "userId"],
    ["status=rejected", "status"],
    ["sort=best", "sort"],
    ["facets=owners", "facets.0"],
    ["facets=", "facets.0"],
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["limit=1e1", "limit"],
    ["limit=", "limit"],
    ["typo=1", "typo"],
    ["typos=1", "typos"],
    ["asYouType=yes", "asYouType"],
    ["wait=26", "wait"],
    ["wait=-1", "wait"],
    ["after=x", "after"],
    [Array.from({ length: 11 }, () => "after=x").join("&"), "after"],
    [`cursor=${damaged}`, "cursor"],
    ["q=a&q=b", "q"],
    ["q=sun*", "q"],
    ["q=su%3Fset", "q"],
    ["q=-sunset", "q"],
    ["q=beach+%2Bsunset", "q"],
    ["q=%22golden+gate%22", "q"],
    ["q=...", "q"],
    ["q=nul%00", "q"],
    ["q=a%0Db", "q"],
    ["q=lost+%EF%BF%BD", "q"],
    [`q=${"x".repeat(65)}`, "q"],
    [`q=${"xy+".repeat(67)}`, "q"],
  ])("%s is a 400 that names %s and says why", async (query, field) => {
    const { status, body } = await search.get(`/v1/search?${query}`);
    expect(status).toBe(400);
    const named = body.errors?.find((error) => error.field === field);
    expect(named?.message).toMatch(/\w+ \w+/);
    expect(body.detail).toMatch(/\w+ .*\.$/);
  });

  it("syntax of the engine is text: it finds what it says, or nothing", async () => {
    for (const q of [
      "ownerId:bob",
      "words:beach",
      "(beach OR sunset)",
      "beach AND NOT sunset",
      "/be.*/".replace("*", "+"),
      "[a TO z]",
      "{}",
      '{"match_all":{}}',
      "beach~2",
      "beach^9",
      "a\\",
      "_exists_:tags",
      "<script>beach",
    ]) {
      const { status, body } = await search.get(
        `/v1/search?scope=all&q=${encodeURIComponent(q)}`,
        "carol",
      );
      if (status === 400) expect(body.errors?.[0]?.field).toBe("q");
      else expect([status, body.total]).toEqual([200, 0]);
    }
  });

  it("a cursor made up well points nowhere else: its place must have the list's shape", async () => {
    const { body } = await search.get("/v1/search?limit=1");
    const query = {
      typos: false,
      asYouType: false,
      tag: [],
      anyTag: [],
      notTag: [],
      scope: "mine",
      facets: [],
    };
    const [first = hill] = body.items;
    const genuine = [Date.parse(first.uploadedAt), first.imageId];
    const sealed = (place: unknown) => encodeCursor(place, ["ann", query]);
    expect(body.nextCursor).toBe(sealed(genuine));
    for (const place of [[], ["x", hill.imageId], [{}, {}], [1], [1e300, hill.imageId], null, {}]) {
      const answer = await search.get(`/v1/search?limit=1&cursor=${sealed(place)}`);
      expect([answer.status, answer.body.type]).toEqual([
        400,
        "urn:shoebox:problem:invalid-cursor",
      ]);
    }
  });
});
