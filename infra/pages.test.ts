import { readdirSync, readFileSync } from "node:fs";
import { cachedGraph } from "@shoebox/local/graph/cached-graph";
import { awsWorld, programs, type Resource } from "@shoebox/local/graph/resource";
import { beforeAll, describe, expect, it } from "vitest";
import { consumerTable, costTable, indexTable, quotaTable } from "./scale-figures.testkit.ts";

/** What pages say in figures is what programs and code say. */

const page = (name: string) => readFileSync(new URL(`../docs/${name}`, import.meta.url), "utf8");

let graph: Resource[];
beforeAll(async () => {
  graph = await cachedGraph({ stack: "prod", config: {}, world: awsWorld });
}, 90_000);

describe("docs/scale.md", () => {
  it.each([
    ["consumers", () => consumerTable(graph)],
    ["index keys", indexTable],
    ["quotas", () => quotaTable(graph)],
  ])("has the table of %s that follows from what is declared", (_, table) => {
    expect(page("scale.md")).toContain(table().join("\n"));
  });
});

describe("docs/deploy.md", () => {
  it("has the costs that follow from what is declared", () => {
    expect(page("deploy.md")).toContain(costTable(graph).join("\n"));
  });

  it("says of each setting what the stack files say", () => {
    const rows = page("deploy.md").matchAll(
      /^\| `(shoebox-[\w-]+:\w+)` \| (.*?) \| (.*?) \| (.*?) \|/gm,
    );
    const told = [...rows].map(([, key = "", ...values]) => [
      key,
      ...values.map((value) => value.trim()),
    ]);
    expect(told.length).toBeGreaterThan(15);
    const [dev, staging, prod] = ["dev", "staging", "prod"].map(settings);
    for (const [key = "", ...values] of told) {
      expect([key, ...values]).toEqual([
        key,
        ...[dev, staging, prod].map((one) => one?.get(key) ?? "—"),
      ]);
    }
  });
});

it("a runbook's links lead to pages and headings that are there", () => {
  const folder = new URL("../docs/runbooks/", import.meta.url);
  for (const file of readdirSync(folder)) {
    const text = readFileSync(new URL(file, folder), "utf8");
    for (const [, target = "", anchor] of text.matchAll(/\]\(([\w./-]+\.md)(?:#([\w-]+))?\)/g)) {
      const linked = readFileSync(new URL(target, folder), "utf8");
      const headings = [...linked.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\w -]/g, "")
          .replaceAll(" ", "-"),
      );
      if (anchor) expect(headings, `${file} → ${target}`).toContain(anchor);
    }
  }
});

/** The settings of all programs in one environment, as their stack files write them. */
function settings(stack: string): Map<string, string> {
  return new Map(
    programs.flatMap((program) => {
      const text = readFileSync(
        new URL(`${program}/Pulumi.${stack}.yaml`, import.meta.url),
        "utf8",
      );
      return [...text.matchAll(/^ {2}(shoebox-[\w-]+:\w+): (.*)$/gm)].map(
        ([, key = "", value = ""]): [string, string] => [key, value],
      );
    }),
  );
}
