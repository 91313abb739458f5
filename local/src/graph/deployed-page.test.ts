import { beforeAll, describe, expect, it } from "vitest";
import { cachedGraph } from "./cached-graph.ts";
import { deployedPage } from "./deployed-page.ts";
import { awsWorld, type Resource } from "./resource.ts";

let graph: Resource[] = [];
beforeAll(async () => {
  graph = await cachedGraph({ stack: "dev", config: {}, world: awsWorld });
}, 240_000);

describe("the page of what is deployed", () => {
  it("does not depend on the order in which an evaluation came upon things", () => {
    expect(deployedPage(graph.toReversed(), "dev")).toBe(deployedPage(graph, "dev"));
  });

  it("names every function, every table and every event, and shows what is not there in nothing", () => {
    const page = deployedPage(graph, "dev");
    for (const { type, name } of graph) {
      if (type === "aws:lambda/function:Function") expect(page).toContain(`| \`${name}\` |`);
      if (type === "aws:dynamodb/table:Table") expect(page).toContain(`("table ${name}")`);
      if (type === "aws:schemas/schema:Schema") expect(page).toContain(name.split(".")[0]);
    }
    // dev has no names of its own, and nobody scans.
    expect(page).not.toMatch(/API domain|GuardDuty}}/);
  });
});
