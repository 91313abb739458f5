import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const bundle = fileURLToPath(new URL("../../dist/upload/api/index.mjs", import.meta.url));

/** Where the first place of this text in the bundle comes from, as far as the map knows; lines count from 0. */
function originOf(words: string): { file?: string; line?: number } {
  const before = readFileSync(bundle, "utf8").split(words, 1)[0]?.split("\n") ?? [];
  const map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, "utf8")));
  const entry = map.findEntry(before.length - 1, before.at(-1)?.length ?? 0);
  return "originalSource" in entry ? { file: entry.originalSource, line: entry.originalLine } : {};
}

it("the map has the lines of our own code, and none of packages, which every start would have to parse", () => {
  const words = "an upload is awaited";
  const source = new URL("../../services/upload/src/begin-uploads.ts", import.meta.url);
  const line = readFileSync(source, "utf8").split(words, 1)[0]?.split("\n").length ?? 0;
  const ours = originOf(words);
  expect(ours.file).toMatch(/services[/]upload[/]src[/]begin-uploads[.]ts$/);
  expect(ours.line).toBe(line - 1);
  const packages = 'name:"ConditionalCheckFailedException"';
  expect(readFileSync(bundle, "utf8")).toContain(packages);
  expect(originOf(packages).file).toBeUndefined();
});
