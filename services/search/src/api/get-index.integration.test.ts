import { Client } from "@opensearch-project/opensearch";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createIndexStatusReader } from "../adapters/index-status.ts";
import { cataloged, deleted, picture, startSearch } from "../search.testkit.ts";

let search: Awaited<ReturnType<typeof startSearch>>;
beforeAll(async () => {
  search = await startSearch();
});
afterAll(() => search.close());

it("says to an admin what there is: nothing at first, then the index with its pictures and tombstones", async () => {
  const read = () => search.get("/v1/search/index", "ann", undefined, true);
  expect((await read()).body).toMatchObject({ nodes: 1, indexes: [] });
  const [kept, gone] = [picture(), picture()];
  await search.deliver(cataloged(kept), cataloged(gone), deleted(gone, 2));
  const { status, body } = await read();
  expect(status).toBe(200);
  expect(body).toMatchObject({
    health: expect.stringMatching(/^(green|yellow)$/),
    indexes: [
      {
        name: expect.stringMatching(/^images-v\d+-first$/),
        searched: true,
        written: true,
        images: 1,
        tombstones: 1,
        bytes: expect.any(Number),
      },
    ],
  });
});

it("says nothing to anybody else", async () => {
  const { status, body } = await search.get("/v1/search/index");
  expect([status, body.type]).toEqual([403, "urn:shoebox:problem:forbidden"]);
});

it("says that the engine can't be reached when it can't", async () => {
  const nowhere = new Client({ node: "http://127.0.0.1:1", maxRetries: 0 });
  expect(await createIndexStatusReader(nowhere).read()).toEqual({
    unreachable: expect.stringContaining("ECONNREFUSED"),
  });
});
