import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Client } from "@opensearch-project/opensearch";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { refusal } from "./conformance/expectations.ts";
import { type OpenSearchServer, startOpenSearch } from "./server.ts";

const INDEX = "images";
const BODY = {
  settings: { number_of_shards: 1, number_of_replicas: 0 },
  mappings: {
    dynamic: "strict" as const,
    properties: {
      owner: { type: "keyword" as const },
      tags: { type: "keyword" as const },
      taken: { type: "date" as const },
      words: { type: "text" as const },
    },
  },
};

describe("the stand-in's own promises", () => {
  let dataDir: string;
  let server: OpenSearchServer;
  let client: Client;
  let now = 1_700_000_000_000;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "opensearch-"));
    server = await startOpenSearch({ dataDir, now: () => now });
    client = new Client({ node: server.url });
  });

  beforeEach(async () => {
    await client.indices.create({ index: INDEX, body: BODY });
  });

  afterEach(async () => {
    await client.indices.delete({ index: INDEX });
  });

  afterAll(async () => {
    await client.close();
    await server.close();
    await rm(dataDir, { recursive: true });
  });

  const send = (
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ) =>
    fetch(server.url + path, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body }),
    });

  it.each([
    ["GET", "/_nodes", undefined, "GET /_nodes"],
    ["POST", "/images/_update/1", '{"doc":{}}', "_update"],
    ["POST", "/images/_msearch", "{}\n{}\n", "_msearch"],
    ["PUT", "/_index_template/a", "{}", "_index_template"],
    ["POST", "/images/_search?q=a", undefined, "[q]"],
    ["POST", "/images/_doc?routing=a", "{}", "[routing]"],
    ["POST", "/images/_search", '{"query":{"fuzzy":{"owner":"a"}}}', "[fuzzy]"],
    [
      "POST",
      "/images/_search",
      '{"query":{"match":{"words":{"query":"a","fuzziness":1}}}}',
      "[fuzziness]",
    ],
    ["POST", "/images/_search", '{"highlight":{}}', "[highlight]"],
    ["POST", "/images/_search", '{"aggs":{"a":{"stats":{"field":"taken"}}}}', "[stats]"],
    [
      "POST",
      "/images/_search",
      '{"aggs":{"a":{"terms":{"field":"owner","missing":"x"}}}}',
      "[missing]",
    ],
    [
      "POST",
      "/images/_search",
      '{"aggs":{"a":{"terms":{"field":"owner","include":"a~b"}}}}',
      "[a~b]",
    ],
    [
      "POST",
      "/images/_search",
      '{"aggs":{"a":{"date_histogram":{"field":"taken","fixed_interval":"1h"}}}}',
      "[fixed_interval]",
    ],
    ["POST", "/_bulk", '{"update":{"_index":"images","_id":"1"}}\n{}\n', "update in a bulk"],
    ["PUT", "/other", '{"mappings":{"properties":{"a":{"type":"geo_point"}}}}', "[geo_point]"],
    [
      "PUT",
      "/other",
      '{"settings":{"analysis":{"analyzer":{"a":{"tokenizer":"ngram"}}}}}',
      "[ngram]",
    ],
    [
      "PUT",
      "/other",
      '{"settings":{"analysis":{"analyzer":{"a":{"tokenizer":"standard","filter":["stop"]}}}}}',
      "[stop]",
    ],
    ["PUT", "/absent/_doc/1", "{}", "create [absent] first"],
  ])("refuses %s %s %s with 501 and says why", async (method, path, body, named) => {
    const response = await send(method, path, body);
    expect(response.status).toBe(501);
    const { error, status } = (await response.json()) as {
      error: { root_cause: { type: string }[]; reason: string };
      status: number;
    };
    expect(status).toBe(501);
    expect(error.root_cause).toHaveLength(1);
    expect(error.reason).toContain(named);
  });

  it("refuses a document that needs a dynamic mapping, in its place in a bulk", async () => {
    await client.indices.create({ index: "dynamic" });
    const { body } = await client.bulk({
      index: "dynamic",
      body: [{ index: { _id: "1" } }, { a: 1 }],
    });
    expect(body.items[0]?.index).toMatchObject({ status: 501 });
    expect(body.errors).toBe(true);
  });

  it("refuses date math in a sentence", async () => {
    const search = client.search({
      index: INDEX,
      body: { query: { range: { taken: { gte: "now-1d" } } } },
    });
    expect(await refusal(search)).toMatchObject({
      status: 400,
      reason: expect.stringContaining("date math"),
    });
  });

  it("ignores signatures and reads compressed bodies", async () => {
    const headers = {
      authorization: "AWS4-HMAC-SHA256 Credential=nobody",
      "content-encoding": "gzip",
    };
    const response = await fetch(`${server.url}/${INDEX}/_doc/1`, {
      method: "PUT",
      headers: { ...headers, "content-type": "application/json" },
      body: gzipSync('{"owner":"ann"}'),
    });
    expect(response.status).toBe(201);
  });

  it("refuses bodies above 100 MB and other content types", async () => {
    const large = await send("PUT", `/${INDEX}/_doc/1`, " ".repeat(100 * 1024 * 1024 + 1));
    expect(large.status).toBe(413);
    const text = await send("PUT", `/${INDEX}/_doc/1`, "{}", { "content-type": "text/plain" });
    expect(text.status).toBe(406);
  });

  it("forgets the version of a deleted document after index.gc_deletes", async () => {
    const write = (version: number) =>
      client.index({ index: INDEX, id: "1", version, version_type: "external", body: {} });
    await write(5);
    await client.delete({ index: INDEX, id: "1", version: 6, version_type: "external" });
    now += 59_000;
    expect(await refusal(write(5))).toMatchObject({ status: 409 });
    now += 2_000;
    expect((await write(5)).body).toMatchObject({ _version: 5, result: "created" });
  });

  it("ends a point in time when its keep_alive is over, unless it is prolonged", async () => {
    const { body } = await client.createPit({ index: [INDEX], keep_alive: "1m" });
    const search = () =>
      client.search({ body: { pit: { id: String(body.pit_id), keep_alive: "1m" } } as object });
    now += 50_000;
    await search();
    now += 50_000;
    await search();
    now += 61_000;
    expect(await refusal(search())).toMatchObject({
      status: 404,
      type: "search_context_missing_exception",
    });
  });

  it("opens at most 100 points in time", async () => {
    const open = () => client.createPit({ index: [INDEX], keep_alive: "1m" });
    for (let i = 0; i < 100; i += 1) await open();
    expect((await refusal(open())).status).toBe(429);
    now += 61_000;
    expect((await open()).statusCode).toBe(200);
  });

  it("refreshes on its own after the refresh interval, not before", async () => {
    await client.indices.putSettings({ index: INDEX, body: { refresh_interval: "300ms" } });
    await client.index({ index: INDEX, id: "1", body: {} });
    const count = async () => (await client.count({ index: INDEX })).body.count;
    expect(await count()).toBe(0);
    await expect.poll(count, { timeout: 5_000 }).toBe(1);
  });

  it("indexes and searches thousands of documents within seconds, and keeps its log small", async () => {
    const started = performance.now();
    for (let batch = 0; batch < 10; batch += 1) {
      const lines = Array.from({ length: 1_000 }, (_, i) => {
        const n = batch * 1_000 + i;
        const source = {
          owner: `o${n % 50}`,
          tags: [`t${n % 90}`, `u${n % 7}`],
          taken: n * 1e8,
          words: `w${n % 30} x${n % 11} ${"filler ".repeat(20)}`,
        };
        return `{"index":{"_id":"${n}"}}\n${JSON.stringify(source)}\n`;
      });
      const response = await send("POST", `/${INDEX}/_bulk?refresh=true`, lines.join(""));
      expect(((await response.json()) as { errors: boolean }).errors).toBe(false);
    }
    const { body } = await client.search({
      index: INDEX,
      body: {
        query: { bool: { must: { match: { words: "w3 x5" } }, filter: { term: { owner: "o3" } } } },
        track_total_hits: true,
      },
    });
    // One of 30 has w3, one of 11 x5, one of 50 the owner: those with n % 50 = 3 and (n % 30 = 3 or n % 11 = 5).
    const expected = Array.from({ length: 10_000 }, (_, n) => n).filter(
      (n) => n % 50 === 3 && (n % 30 === 3 || n % 11 === 5),
    ).length;
    expect(body.hits.total).toEqual({ value: expected, relation: "eq" });
    expect(performance.now() - started).toBeLessThan(15_000);
    for (const file of (await readdir(dataDir)).filter((name) => name.endsWith("-wal"))) {
      expect((await stat(join(dataDir, file))).size).toBeLessThan(32 * 1024 * 1024);
    }
  });
});

describe("a killed stand-in", () => {
  it("has everything that it had acknowledged, and nothing of an index it had removed", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "opensearch-killed-"));
    const program = `
      import { startOpenSearch } from ${JSON.stringify(new URL("./server.ts", import.meta.url).href)};
      const { url } = await startOpenSearch({ dataDir: ${JSON.stringify(dataDir)} });
      process.stdout.write(url + "\\n");`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [url] = (await once(child.stdout, "data")) as [Buffer];
    const client = new Client({ node: url.toString().trim() });
    await client.indices.create({ index: INDEX, body: BODY });
    await client.indices.create({ index: "removed", body: BODY });
    await client.index({ index: "removed", id: "1", body: {}, refresh: true });
    const lines = Array.from({ length: 500 }, (_, i) => [
      { index: { _id: `${i}`, version: 7, version_type: "external" } },
      { owner: "ann", words: "sea", tags: ["a", `b${i}`] },
    ]);
    await client.bulk({ index: INDEX, body: lines.flat() });
    await client.delete({ index: INDEX, id: "3", version: 9, version_type: "external" });
    await client.indices.putMapping({
      index: INDEX,
      body: { properties: { added: { type: "long" } } },
    });
    await client.index({ index: INDEX, id: "late", body: { added: 4 } });
    await client.indices.updateAliases({
      body: {
        actions: [
          { remove_index: { index: "removed" } },
          { add: { index: INDEX, alias: "removed" } },
        ],
      },
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    await client.close();

    const server = await startOpenSearch({ dataDir });
    const again = new Client({ node: server.url });
    try {
      const { body } = await again.search({
        index: "removed",
        body: {
          query: { match: { words: "sea" } },
          track_total_hits: true,
          size: 0,
          aggs: { a: { terms: { field: "tags", include: "a" } } },
        } as object,
      });
      expect(body.hits.total).toEqual({ value: 499, relation: "eq" });
      expect(body.aggregations?.a).toMatchObject({ buckets: [{ key: "a", doc_count: 499 }] });
      const found = await again.count({ index: INDEX, body: { query: { term: { added: 4 } } } });
      expect(found.body.count).toBe(1);
      const write = (id: string, version: number) =>
        again.index({ index: INDEX, id, version, version_type: "external", body: {} });
      expect(await refusal(write("5", 7))).toMatchObject({ status: 409 });
      expect(await refusal(write("3", 9))).toMatchObject({ status: 409 });
      expect((await again.indices.exists({ index: "removed" })).statusCode).toBe(200);
      const databases = (await readdir(dataDir)).filter((file) => /^index-.*\.db$/.test(file));
      expect(databases).toHaveLength(1);
    } finally {
      await again.close();
      await server.close();
      await rm(dataDir, { recursive: true });
    }
  });
});
