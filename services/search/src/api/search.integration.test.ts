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
  it.each([
    ["from=yesterday", "from"],
    ["from=2026-02-02&to=2026-02-01", "to"],
    ["takenFrom=2026-02-02&takenTo=2026-02-02", "takenTo"],
    ["tag=no+spaces", "tag"],
    ["scope=theirs", "scope"],
    ["sort=best", "sort"],
    ["facets=owners", "facets.0"],
    ["limit=0", "limit"],
    ["limit=101", "limit"],
    ["typo=1", "typo"],
  ])("%s is a 400 that names %s", async (query, field) => {
    const { status, body } = await search.get(`/v1/search?${query}`);
    expect(status).toBe(400);
    expect(body.errors?.map((error) => error.field)).toContain(field);
  });
});
