import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyOfTheTree } from "./copy.ts";
import { run, runNpm } from "./npm.ts";
import { changed, stepsOf } from "./page.ts";

const pages = join(import.meta.dirname, "../../docs/tutorials");
let tree: string;
beforeAll(() => {
  tree = copyOfTheTree();
});
afterAll(() => rmSync(tree, { recursive: true }));

/** They are applied one after the other to one copy: what each of them says must hold beside the others. */
describe("the tutorials", () => {
  it.each(readdirSync(pages))("%s: its blocks apply, and its commands succeed", async (name) => {
    const steps = stepsOf(readFileSync(join(pages, name), "utf8"));
    expect(steps.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["file", "change", "run"]),
    );
    for (const step of steps) {
      if (step.kind === "run") await runNpm(tree, step.command);
      else {
        const path = join(tree, step.path);
        mkdirSync(dirname(path), { recursive: true });
        const text =
          step.kind === "file" ? step.text : changed(readFileSync(path, "utf8"), step.hunks);
        writeFileSync(path, text);
      }
    }
  });

  it("leave a tree whose types are right", async () => {
    await run(tree, ["node_modules/typescript/bin/tsc", "--project", "tsconfig.json"]);
    await run(tree, ["node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings"]);
  });
});

it("lines that are not there, or more than once, are no place for a change", () => {
  const hunks = [{ find: "b\n", replace: "c\n" }];
  expect(changed("a\nb\n", hunks)).toBe("a\nc\n");
  expect(() => changed("a\n", hunks)).toThrow("there 0 times");
  expect(() => changed("b\nb\n", hunks)).toThrow("there 2 times");
});
