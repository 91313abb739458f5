import { styleText } from "node:util";
import { bytes, count } from "../amounts.ts";
import type { Command } from "../command.ts";
import { ExitCode } from "../failure.ts";
import { table } from "../table.ts";

interface IndexStatus {
  health: "green" | "yellow" | "red";
  nodes: number;
  indexes: {
    name: string;
    schema: number;
    searched: boolean;
    written: boolean;
    images: number;
    tombstones: number;
    bytes: number;
  }[];
}

const meaning = {
  green: styleText("green", "green"),
  yellow: `${styleText("yellow", "yellow")} (not all copies are there)`,
  red: `${styleText("red", "red")} (not all data is there)`,
};

export const indexStatus: Command = {
  name: "index-status",
  summary: "the indexes behind the search: which is searched, what they hold, how the cluster is",
  examples: ["index-status", "index-status --json"],
  async run(_, { api, screen, json }) {
    const status = await api.call<IndexStatus>("GET", "/v1/search/index");
    if (json) screen.say(JSON.stringify(status));
    else for (const line of describe(status)) screen.say(line);
    return status.health === "red" ? ExitCode.notGood : ExitCode.done;
  },
};

export function describe(status: IndexStatus): string[] {
  const cluster = `cluster  ${meaning[status.health]}, ${status.nodes} ${status.nodes === 1 ? "node" : "nodes"}`;
  if (status.indexes.length === 0) {
    return [cluster, "", "There is no index yet: it comes into being with the first picture."];
  }
  const columns = [
    { heading: "index" },
    { heading: "schema", right: true },
    { heading: "searched" },
    { heading: "live events" },
    { heading: "images", right: true },
    { heading: "tombstones", right: true },
    { heading: "size", right: true },
  ];
  const rows = status.indexes.map((index) => [
    index.name,
    String(index.schema),
    index.searched ? styleText("green", "yes") : "no",
    index.written ? "yes" : "no",
    count(index.images),
    count(index.tombstones),
    bytes(index.bytes),
  ]);
  return [cluster, "", ...table(columns, rows)];
}
