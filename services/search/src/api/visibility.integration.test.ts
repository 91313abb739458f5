import type { ImageState } from "@shoebox/shared/events/catalog";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cataloged, deleted, picture, startSearch, updated } from "../search.testkit.ts";

/** Random searches over random pictures, each compared with what a loop over all pictures finds. */

const OWNERS = ["ann", "bob", "eve"];
const TAGS = ["sea", "sea-side", "alps", "été", "東京"];
const WORDS = ["red", "green", "blue", "sunset"];
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 28);
const day = (number: number) => new Date(START + number * DAY).toISOString();

const dayNumber = fc.integer({ min: 0, max: 8 });
const somePicture = fc.record({
  ownerId: fc.constantFrom(...OWNERS),
  visibility: fc.constantFrom("private" as const, "public" as const),
  status: fc.constantFrom("ready" as const, "ready" as const, "processing" as const, "rejected"),
  tags: fc.subarray(TAGS),
  caption: fc.subarray(WORDS, { minLength: 1 }).map((words) => words.join(" ")),
  uploadedAt: dayNumber.map(day),
  takenAt: fc.option(dayNumber.map(day), { nil: undefined }),
  fate: fc.constantFrom("stays", "stays", "stays", "hidden", "deleted"),
});

const someSearch = fc.record(
  {
    user: fc.constantFrom(...OWNERS, "nobody"),
    scope: fc.constantFrom("mine", "public", "all"),
    sort: fc.constantFrom("relevance", "newest", "oldest"),
    words: fc.subarray(WORDS, { maxLength: 2 }),
    tag: fc.subarray(TAGS, { maxLength: 1 }),
    anyTag: fc.subarray(TAGS, { maxLength: 2 }),
    notTag: fc.subarray(TAGS, { maxLength: 1 }),
    uploaded: fc.tuple(dayNumber, fc.integer({ min: 1, max: 9 })),
    taken: fc.tuple(dayNumber, fc.integer({ min: 1, max: 9 })),
    limit: fc.integer({ min: 1, max: 12 }),
  },
  { requiredKeys: ["user"] },
);
type Search = typeof someSearch extends fc.Arbitrary<infer S> ? S : never;

let search: Awaited<ReturnType<typeof startSearch>>;
let pictures: ImageState[];

beforeAll(async () => {
  search = await startSearch();
  const drawn = fc.sample(somePicture, 120);
  const made = drawn.map(({ fate, ...changes }) => ({
    fate,
    image: picture(changes as Partial<ImageState>),
  }));
  await search.deliver(...made.map(({ image }) => cataloged(image)));
  const hidden = made
    .filter(({ fate }) => fate === "hidden")
    .map(({ image }): ImageState => ({ ...image, version: 2, visibility: "private" }));
  const gone = made.filter(({ fate }) => fate === "deleted").map(({ image }) => image);
  await search.deliver(...hidden.map(updated), ...gone.map((image) => deleted(image, 2)));
  pictures = [
    ...made.filter(({ fate }) => fate === "stays").map(({ image }) => image),
    ...hidden,
  ].filter(({ status }) => status === "ready");
});
afterAll(() => search.close());

function visible(image: ImageState, user: string, scope: Search["scope"]): boolean {
  const mine = image.ownerId === user;
  const open = image.visibility === "public";
  return scope === "public" ? open : scope === "all" ? mine || open : mine;
}

function within(time: string | undefined, range: [number, number] | undefined): boolean {
  if (!range) return true;
  return time !== undefined && time >= day(range[0]) && time < day(range[0] + range[1]);
}

function matches(image: ImageState, { user, scope, ...asked }: Search): boolean {
  const { words = [], tag = [], anyTag = [], notTag = [] } = asked;
  return (
    visible(image, user, scope) &&
    words.every((word) => image.caption?.split(" ").includes(word)) &&
    tag.every((one) => image.tags.includes(one)) &&
    (anyTag.length === 0 || anyTag.some((one) => image.tags.includes(one))) &&
    !notTag.some((one) => image.tags.includes(one)) &&
    within(image.uploadedAt, asked.uploaded) &&
    within(image.takenAt, asked.taken)
  );
}

function inOrder(found: ImageState[], { words = [], sort }: Search): ImageState[] {
  const order = sort ?? (words.length > 0 ? "relevance" : "newest");
  const sign = order === "oldest" ? 1 : -1;
  const inARow = (image: ImageState) =>
    order === "relevance" && words.length > 1 && image.caption?.includes(words.join(" ")) ? 1 : 0;
  const key = (image: ImageState) => image.uploadedAt + image.imageId;
  return found.toSorted(
    (a, b) => inARow(b) - inARow(a) || sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0),
  );
}

function queryOf({ user: _, words, uploaded, taken, ...asked }: Search): string {
  const range = (from: string, to: string, days: [number, number] | undefined) =>
    days ? { [from]: day(days[0]), [to]: day(days[0] + days[1]) } : {};
  const parameters = {
    ...asked,
    ...(words && { q: words.join(" ") }),
    ...range("from", "to", uploaded),
    ...range("takenFrom", "takenTo", taken),
    facets: "tags,months",
  };
  const entries = Object.entries(parameters).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, String(one)]),
  );
  return new URLSearchParams(entries).toString();
}

function counted(values: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

describe("any search", () => {
  it("finds exactly what the caller may see and asked for, in order, counted right, page by page", async () => {
    await fc.assert(
      fc.asyncProperty(someSearch, async (asked) => {
        const expected = inOrder(
          pictures.filter((image) => matches(image, asked)),
          asked,
        );
        const found: string[] = [];
        let cursor: string | undefined = "";
        for (let page = 0; cursor !== undefined && page < 3; page++) {
          const paging: string = cursor && `&cursor=${cursor}`;
          const { body, status } = await search.get(
            `/v1/search?${queryOf(asked)}${paging}`,
            asked.user,
          );
          expect(status).toBe(200);
          expect(body.total).toBe(expected.length);
          const { tags = [], months = [] } = body.facets ?? {};
          const tagCounts = new Map(tags.map(({ tag, count }) => [tag, count]));
          expect(tagCounts).toEqual(counted(expected.flatMap((image) => image.tags)));
          const monthCounts = new Map(months.map(({ month, count }) => [month, count]));
          expect(monthCounts).toEqual(counted(expected.map((one) => one.uploadedAt.slice(0, 7))));
          found.push(...body.items.map(({ imageId }) => imageId));
          cursor = body.nextCursor;
        }
        expect(found).toEqual(expected.slice(0, found.length).map(({ imageId }) => imageId));
        if (cursor === undefined) expect(found).toHaveLength(expected.length);
      }),
      { numRuns: 150 },
    );
  });

  it("completes exactly the tags of what the caller may see", async () => {
    const some = fc.record({
      user: fc.constantFrom(...OWNERS, "nobody"),
      scope: fc.constantFrom("mine" as const, "public" as const, "all" as const),
      prefix: fc.constantFrom("", "s", "SEA", "sea-", "é", "東", "x"),
    });
    await fc.assert(
      fc.asyncProperty(some, async ({ user, scope, prefix }) => {
        const query = new URLSearchParams({ scope, prefix }).toString();
        const { body } = await search.get(`/v1/search/tags?${query}`, user);
        const items = body.items as unknown as { tag: string; count: number }[];
        const tags = pictures.filter((one) => visible(one, user, scope)).flatMap((one) => one.tags);
        expect(new Map(items.map(({ tag, count }) => [tag, count]))).toEqual(
          counted(tags.filter((tag) => tag.startsWith(prefix.toLowerCase()))),
        );
        const counts = items.map(({ count }) => count);
        expect(counts).toEqual(counts.toSorted((a, b) => b - a));
      }),
      { numRuns: 40 },
    );
  });
});
