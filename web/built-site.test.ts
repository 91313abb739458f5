import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { builtSite } from "./built-site.ts";

const filesOf = async (kind: "local" | "deployed") => {
  const folder = await builtSite(kind);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(files.map((f) => [f.name, readFileSync(join(f.parentPath, f.name), "utf8")]));
};

it("what is deployed has nothing of the event view, which a local system has", async () => {
  const [local, deployed] = await Promise.all([filesOf("local"), filesOf("deployed")]);
  expect([local.has("index.html"), deployed.has("index.html")]).toEqual([true, true]);
  expect([local.has("events.html"), deployed.has("events.html")]).toEqual([true, false]);
  const speaking = (files: Map<string, string>) =>
    [...files.values()].some((text) => text.includes("/dev/dead-letters"));
  expect([speaking(local), speaking(deployed)]).toEqual([true, false]);
});
