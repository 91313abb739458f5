import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { bytes, count, duration } from "./amounts.ts";
import { describe as describeDomain } from "./commands/domain.ts";
import { describe as describeIndex } from "./commands/index-status.ts";

const plain = (lines: string[]) => lines.map((line) => stripVTControlCharacters(line));

it("amounts are for people", () => {
  expect([0, 999, 1_000, 88_080_384, 5e15].map(bytes)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "88.1 MB",
    "5000.0 TB",
  ]);
  expect([0, 120_304.4].map(count)).toEqual(["0", "120,304"]);
  expect([-1, 8.2, 60, 200, 7_500].map(duration)).toEqual([
    "0 s",
    "8 s",
    "1 min 00 s",
    "3 min 20 s",
    "2 h 05 min",
  ]);
});

it("the index is told as a table whose columns stand under each other", () => {
  const index = { schema: 3, written: true, tombstones: 3, bytes: 1_500 };
  const lines = describeIndex({
    health: "yellow",
    nodes: 2,
    indexes: [
      { ...index, name: "images-v3-first", searched: true, images: 1_000 },
      { ...index, name: "images-v3-r7", searched: false, images: 7 },
    ],
  });
  expect(plain(lines)).toEqual([
    "cluster  yellow (not all copies are there), 2 nodes",
    "",
    "index            schema  searched  live events  images  tombstones    size",
    "images-v3-first       3  yes       yes           1,000           3  1.5 kB",
    "images-v3-r7          3  no        yes               7           3  1.5 kB",
  ]);
});

it("a domain is told with what is known of it", () => {
  const domain = {
    name: "shoebox-dev-search",
    endpoint: "https://search.example",
    engine: "OpenSearch_2.19",
    instances: { type: "r7g.large.search", count: 3 },
    changing: true,
    state: "processing",
    health: "yellow",
    shards: 12,
    unassignedShards: 2,
  } as const;
  expect(plain(describeDomain(domain))).toEqual([
    "domain    shoebox-dev-search",
    "endpoint  https://search.example",
    "engine    OpenSearch_2.19",
    "machines  3 × r7g.large.search",
    "state     processing, a change is under way",
    "health    yellow, 12 shards, 2 of them nowhere",
  ]);
});
