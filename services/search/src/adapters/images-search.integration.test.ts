import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Client } from "@opensearch-project/opensearch";
import { startTestEngine } from "@shoebox/local/opensearch/engine.testkit";
import { describe, expect, it } from "vitest";
import type { SearchRequest } from "../domain/query.ts";
import { createImagesSearch } from "./images-search.ts";

const everything: SearchRequest = {
  words: [],
  typos: false,
  asYouType: false,
  tag: [],
  anyTag: [],
  notTag: [],
  scope: "mine",
  sort: "newest",
  facets: ["tags", "months"],
  limit: 10,
};

/** What a search over an engine that answers so comes to. */
async function askingOneThatAnswers(status: number, body: unknown, seen: string[] = []) {
  const server = createServer((request, response) => {
    seen.push(request.url ?? "");
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = new Client({ node: `http://127.0.0.1:${port}`, maxRetries: 0 });
  try {
    return await createImagesSearch(client).search(everything, "ann");
  } finally {
    await client.close();
    server.close();
  }
}

describe("a search", () => {
  it("before the first picture finds nothing", async () => {
    const engine = await startTestEngine();
    const client = new Client({ node: engine.node });
    const index = createImagesSearch(client);
    expect(await index.search(everything, "ann")).toEqual({
      total: 0,
      hits: [],
      facets: { tags: [], months: [] },
    });
    expect(await index.countTags({ prefix: "", scope: "all", limit: 5 }, "ann")).toEqual([]);
    expect(await index.versions(["x"], "ann")).toEqual(new Map());
    await client.close();
    await engine.stop();
  });

  it("of an engine that is not there, busy or in part out of order says so, and when to come again", async () => {
    const refused = { code: "unavailable", headers: { "Retry-After": "1" } };
    const error = { type: "search_phase_execution_exception", reason: "Partial shards failure" };
    for (const status of [429, 502, 503, 504]) {
      await expect(askingOneThatAnswers(status, { error, status })).rejects.toMatchObject(refused);
    }
    const client = new Client({ node: "http://127.0.0.1:1", maxRetries: 0 });
    const asked = createImagesSearch(client).search(everything, "ann");
    await expect(asked).rejects.toMatchObject(refused);
    await client.close();
  });

  it("that the engine does not understand is our fault", async () => {
    const error = { type: "parsing_exception", reason: "no" };
    const asked = askingOneThatAnswers(400, { error, status: 400 });
    await expect(asked).rejects.not.toHaveProperty("code", "unavailable");
  });

  it("takes no answer in part, and asks the same copies for the same user", async () => {
    const seen: string[] = [];
    const empty = { hits: { total: { value: 0 }, hits: [] } };
    await askingOneThatAnswers(200, empty, seen);
    await askingOneThatAnswers(200, empty, seen);
    expect(seen[0]).toMatch(/allow_partial_search_results=false/);
    expect(seen[0]).toMatch(/preference=[0-9a-f]{64}/);
    expect(seen[1]).toBe(seen[0]);
  });
});
