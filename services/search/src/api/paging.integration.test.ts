import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cataloged, deleted, picture, startSearch, updated } from "../search.testkit.ts";

let search: Awaited<ReturnType<typeof startSearch>>;
beforeAll(async () => {
  search = await startSearch();
});
afterAll(() => search.close());

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 5, 1, 12);
// Few minutes, so that many share one and only the id keeps them apart.
const uploadedAt = fc.integer({ min: 0, max: 4 }).map((minute) => NOON + minute * MINUTE);
const caption = fc.constantFrom(
  "golden gate",
  "gate golden",
  "golden golden gate",
  "a golden gate",
);
const tags = fc.subarray(["golden", "gate", "bay"]);
const shape = fc.record({ at: uploadedAt, caption, tags });
const scenario = fc.record({
  sort: fc.constantFrom("newest", "oldest", "relevance"),
  limit: fc.integer({ min: 1, max: 4 }),
  stay: fc.array(shape, { minLength: 3, maxLength: 9 }),
  /** Before each page: what comes, what goes of what came, and what changes of it. */
  turns: fc.array(fc.record({ come: fc.array(shape, { maxLength: 2 }), go: fc.boolean() }), {
    maxLength: 6,
  }),
});

describe("a cursor, in every order", () => {
  it("leads to what is there all along exactly once, while others come, change and go", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(scenario, async ({ sort, limit, stay, turns }) => {
        run += 1;
        const ownerId = `owner-${run}-${crypto.randomUUID()}`;
        const make = ({ at, ...rest }: (typeof stay)[number]) =>
          picture({ ownerId, uploadedAt: new Date(at).toISOString(), ...rest });
        const staying = stay.map(make);
        await search.deliver(...staying.map(cataloged));
        const others: ReturnType<typeof make>[] = [];
        const seen: string[] = [];
        let cursor: string | undefined = "";
        for (let page = 0; cursor !== undefined; page++) {
          const { come, go } = turns[page] ?? { come: [], go: false };
          const coming = come.map(make);
          const [leaving, changing] = go ? others.splice(0, 2) : [];
          await search.deliver(
            ...coming.map(cataloged),
            ...(leaving ? [deleted(leaving, 9)] : []),
            ...(changing ? [updated({ ...changing, version: 2, caption: "golden gate" })] : []),
          );
          others.push(...coming);
          const paging: string = cursor && `&cursor=${cursor}`;
          const query = `q=golden+gate&sort=${sort}&limit=${limit}${paging}`;
          const { body } = await search.get(`/v1/search?${query}`, ownerId);
          seen.push(...body.items.map(({ imageId }) => imageId));
          cursor = body.nextCursor;
        }
        const stayed = new Set(staying.map(({ imageId }) => imageId));
        const met = seen.filter((id) => stayed.has(id));
        expect(met.toSorted()).toEqual([...stayed].toSorted());
      }),
      { numRuns: 25 },
    );
  });
});
