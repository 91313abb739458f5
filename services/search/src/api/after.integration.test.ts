import { versionToken } from "@shoebox/shared/http/version-token";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cataloged, deleted, picture, startSearch, updated } from "../search.testkit.ts";

let search: Awaited<ReturnType<typeof startSearch>>;
const image = picture({ tags: ["before"] });
const bobs = picture({ ownerId: "bob", visibility: "public" });

beforeAll(async () => {
  search = await startSearch();
  await search.deliver(cataloged(image), cataloged(bobs));
});
afterAll(() => search.close());

const tokenOf = ({ imageId }: { imageId: string }, version: number, owner = "ann") =>
  `after=${versionToken({ imageId, version }, owner)}`;

describe.each(["/v1/search", "/v1/search/tags"])("%s?after=", (path) => {
  it("says nothing of it when it was not asked", async () => {
    expect((await search.get(path)).body).not.toHaveProperty("caughtUp");
  });

  it("answers at once when the version is known, and says that it is not when it is not", async () => {
    const known = await search.get(`${path}?${tokenOf(image, 1)}`);
    expect([known.status, known.body.caughtUp]).toEqual([200, true]);
    const unknown = await search.get(`${path}?${tokenOf(image, 1)}&${tokenOf(image, 99)}&wait=0`);
    expect([unknown.status, unknown.body.caughtUp]).toEqual([200, false]);
  });

  it("refuses another's token without looking, and a damaged one", async () => {
    for (const [query, user] of [
      [tokenOf(image, 1), "bob"],
      [tokenOf(bobs, 1, "bob"), "ann"],
      [`${tokenOf(image, 1)}x`, "ann"],
    ] as const) {
      const { status, body } = await search.get(`${path}?${query}`, user);
      expect([status, body.errors?.[0]?.field]).toEqual([400, "after"]);
    }
  });

  it("tells nobody, by a token he made up, what became of another's picture", async () => {
    const there = await search.get(`${path}?wait=0&${tokenOf(bobs, 1, "ann")}`);
    const nowhere = await search.get(`${path}?wait=0&${tokenOf(picture(), 1, "ann")}`);
    expect(there.body.caughtUp).toBe(false);
    expect(there.body).toEqual(nowhere.body);
  });

  it("ends when the client is gone", async () => {
    const client = new AbortController();
    const answer = search.get(`${path}?wait=25&${tokenOf(image, 99)}`, "ann", client.signal);
    client.abort();
    expect((await answer).body.caughtUp).toBe(false);
  });
});

describe("waiting", () => {
  it("ends with the change, whatever comes first", async () => {
    const waiting = search.get(`/v1/search?${tokenOf(image, 2)}`);
    await search.deliver(updated({ ...image, version: 2, tags: ["after"] }));
    const { body } = await waiting;
    expect([body.caughtUp, body.items.map(({ tags }) => tags)]).toEqual([true, [["after"]]]);
  });

  it("ends with the deletion, and the next page's address does not wait again", async () => {
    const others = [picture(), picture()];
    await search.deliver(...others.map(cataloged));
    const waiting = search.get(`/v1/search?limit=1&wait=20&${tokenOf(image, 3)}`);
    await search.deliver(deleted(image, 3));
    const { body, headers } = await waiting;
    expect([body.caughtUp, body.total]).toEqual([true, 2]);
    expect(headers.get("link")).toBe(`<?limit=1&cursor=${body.nextCursor}>; rel="next"`);
    const next = await search.get(`/v1/search?limit=1&cursor=${body.nextCursor}`);
    expect(next.body.items).toHaveLength(1);
    expect(next.body.items[0]?.imageId).not.toBe(body.items[0]?.imageId);
  });
});
