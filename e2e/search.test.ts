import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Answer, type SearchPage, signIn, type User, upload } from "./client.ts";
import { eventually } from "./eventually.ts";
import { type Facts, listenToFacts } from "./facts.ts";
import { smallPicture } from "./pictures.ts";

const url = inject("url");
/** In every tag and caption here, so that nobody else's public pictures are found. */
const mark = `m${crypto.randomUUID().slice(0, 8)}`;
const wanted = [
  { caption: "Sunset over Lisbon", tags: ["sea", "evening"], takenAt: "2020-05-01T12:00:00Z" },
  { caption: "Sunrise in the Alps", tags: ["mountain"], takenAt: "2021-06-01T12:00:00Z" },
  {
    caption: "Harbour of Évora",
    tags: ["sea"],
    takenAt: "2021-06-02T00:00:00Z",
    visibility: "public",
  },
  { caption: "Street", tags: ["city", "evening"], visibility: "public" },
] as const;

let owner: User;
let stranger: User;
let facts: Facts;
let ids: string[];

const find = async (query: string, user = owner) => {
  const { status, body } = await user.get<SearchPage>(`/v1/search?tag=${mark}&${query}`);
  expect(body).toMatchObject({ items: expect.any(Array), total: expect.any(Number) });
  expect(status).toBe(200);
  return body;
};
const found = async (query: string, user = owner) => {
  const { items, total } = await find(query, user);
  expect(total).toBe(items.length);
  return items.map(({ imageId }) => ids.indexOf(imageId)).toSorted();
};

beforeAll(async () => {
  [owner, stranger] = await Promise.all([signIn(url), signIn(url)]);
  facts = await listenToFacts(url);
  ids = [];
  for (const [index, { tags, ...picture }] of wanted.entries()) {
    const bytes = await smallPicture(index * 50);
    ids.push(
      await upload(owner, bytes, {
        contentType: "image/jpeg",
        fileName: `IMG_${index}-beach.JPG`,
        ...picture,
        tags: [...tags, mark],
      }),
    );
  }
  await Promise.all(ids.map((id) => facts.status(id, "ready")));
  // For a moment after the first picture ever, an index has no shard yet that could be asked: 503.
  await eventually(
    () => owner.get<SearchPage>(`/v1/search?tag=${mark}`),
    ({ body }) => body.total === wanted.length,
  );
});
afterAll(() => facts.close());

describe("a search", () => {
  it.each<[string, number[]]>([
    ["q=sunset", [0]],
    ["q=SUNSET%20lisbon", [0]],
    ["q=lisbon%20alps", []],
    ["q=evora", [2]],
    ["q=évora", [2]],
    ["q=beach", [0, 1, 2, 3]],
    ["q=mountain", [1]],
    ["tag=sea", [0, 2]],
    ["tag=sea&tag=evening", [0]],
    ["anyTag=mountain&anyTag=city", [1, 3]],
    ["notTag=sea", [1, 3]],
    ["notTag=sea&notTag=city", [1]],
    ["takenFrom=2021-06-01T12:00:00Z", [1, 2]],
    ["takenTo=2021-06-01T12:00:00Z", [0]],
    ["takenFrom=2021-06-01&takenTo=2021-06-02", [1]],
    ["from=2000-01-01&to=2001-01-01", []],
  ])("%s finds %j", async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it("by upload date includes from and excludes to, to the millisecond", async () => {
    const { items } = await find("sort=oldest");
    const { uploadedAt = "" } = items[1] ?? {};
    expect(await found(`from=${uploadedAt}`)).toEqual([1, 2, 3]);
    expect(await found(`to=${uploadedAt}`)).toEqual([0]);
  });

  it("sorts by date, both ways", async () => {
    const order = async (sort: string) =>
      (await find(`sort=${sort}`)).items.map(({ imageId }) => ids.indexOf(imageId));
    expect(await order("newest")).toEqual([3, 2, 1, 0]);
    expect(await order("oldest")).toEqual([0, 1, 2, 3]);
  });

  it("counts tags and months of all that was found", async () => {
    const { facets } = await find("facets=tags,months&limit=1");
    const count = (tag: string) => facets?.tags?.find((entry) => entry.tag === tag)?.count;
    expect([mark, "sea", "evening", "mountain", "city"].map(count)).toEqual([4, 2, 2, 1, 1]);
    const months = facets?.months ?? [];
    expect(months.reduce((sum, { count }) => sum + count, 0)).toBe(4);
    expect(months[0]?.month).toMatch(/^\d{4}-\d{2}$/);
  });

  it("pages without repeating or leaving out, by cursor and by Link", async () => {
    const seen: string[] = [];
    let path: string | undefined = `/v1/search?tag=${mark}&sort=oldest&limit=3`;
    while (path) {
      const { body, headers }: Answer<SearchPage> = await owner.get(path);
      seen.push(...body.items.map(({ imageId }) => imageId));
      expect(body.total).toBe(4);
      const link: string | undefined = /<([^>]*)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
      expect(link !== undefined).toBe(body.nextCursor !== undefined);
      path = link && new URL(link, `${url}/v1/search`).href.slice(url.length);
    }
    expect(seen).toEqual(ids);
  });
});

describe("who finds what", () => {
  it("the owner finds all of it as mine, and the public ones as public", async () => {
    expect(await found("scope=mine")).toEqual([0, 1, 2, 3]);
    expect(await found("scope=public")).toEqual([2, 3]);
    expect(await found("scope=all")).toEqual([0, 1, 2, 3]);
  });

  it("another user finds the public ones only when he asks for them, and never a private one", async () => {
    expect(await found("", stranger)).toEqual([]);
    expect(await found("scope=mine", stranger)).toEqual([]);
    expect(await found("scope=public", stranger)).toEqual([2, 3]);
    expect(await found("scope=all", stranger)).toEqual([2, 3]);
    expect(await found("scope=all&q=sunset", stranger)).toEqual([]);
    const { facets } = await find("scope=all&facets=tags", stranger);
    expect(facets?.tags?.map(({ tag }) => tag)).not.toContain("mountain");
  });

  it("what another user found can be seen by its signed URLs, and says nothing of the place", async () => {
    const { items } = await find("scope=public", stranger);
    for (const item of items) {
      expect(JSON.stringify(item)).not.toMatch(/gps|latitude/i);
      for (const rendition of item.renditions)
        expect((await fetch(rendition.url)).status).toBe(200);
    }
  });
});

describe("words", () => {
  it.each<[string, number[]]>([
    ["q=IMG_0-beach.JPG", [0]],
    ["q=sunsett", []],
    ["q=sunsett&typos=true", [0]],
    ["q=lisbon%20sun&asYouType=true", [0]],
    ["q=sun&asYouType=true", [0, 1]],
  ])("%s finds %j", async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it("are completed to tags, among what the caller may see", async () => {
    const completed = async (query: string, user: User) => {
      const { status, body } = await user.get<{ items: unknown[] }>(`/v1/search/tags?${query}`);
      expect(status).toBe(200);
      return body.items;
    };
    expect(await completed(`prefix=${mark.toUpperCase()}`, owner)).toEqual([
      { tag: mark, count: 4 },
    ]);
    expect(await completed(`prefix=${mark}`, stranger)).toEqual([]);
    expect(await completed(`prefix=${mark}&scope=all`, stranger)).toEqual([
      { tag: mark, count: 2 },
    ]);
    expect((await completed("limit=2", owner))[0]).toEqual({ tag: mark, count: 4 });
  });
});

describe("after a change", () => {
  type Waited = SearchPage & { caughtUp?: boolean };
  const tokenOf = (answer: Answer<unknown>) => {
    expect(answer.status).toBeLessThan(300);
    return answer.headers.get("version-token") ?? "";
  };

  it("what was made private is no longer found by others, and new words find it", async () => {
    const path = `/v1/images/${ids[3]}`;
    const body = { visibility: "private", caption: "Boulevard" };
    const after = tokenOf(await owner.call("PATCH", path, { body }));
    const search = `/v1/search?tag=${mark}&q=boulevard&after=${after}`;
    const waited = await owner.get<Waited>(search);
    expect(waited.body).toMatchObject({ caughtUp: true, total: 1, items: [{ imageId: ids[3] }] });
    expect(await found("scope=public", stranger)).toEqual([2]);
    expect(await found("q=boulevard")).toEqual([3]);
    expect(await found("q=street")).toEqual([]);
    expect((await stranger.get(search)).status).toBe(400);
  });

  it("a deleted picture is not found, nor counted, by who waits for its deletion", async () => {
    const path = `/v1/images/${ids[1]}`;
    const read = tokenOf(await owner.get(path));
    const deletion = tokenOf(await owner.call("DELETE", path));
    const waited = await owner.get<Waited>(
      `/v1/search?tag=${mark}&facets=tags&after=${read}&after=${deletion}`,
    );
    expect(waited.body).toMatchObject({ caughtUp: true, total: 3 });
    expect(waited.body.facets?.tags).not.toContainEqual({ tag: "mountain", count: 1 });
    const tags = `/v1/search/tags?prefix=mountain&after=${deletion}`;
    expect((await owner.get<Waited>(tags)).body).toEqual({ items: [], caughtUp: true });
  });
});
