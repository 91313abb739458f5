import { mkdir, mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { removeAbandonedScratch } from "./scratch.ts";

it("what killed workers left is removed; what may be in use, and what is not ours, stays", async () => {
  const root = await mkdtemp(join(tmpdir(), "scratch-test-"));
  const now = Date.now();
  const hours = (count: number) => new Date(now - count * 3_600_000);
  for (const [name, age] of [
    ["shoebox-original-old", 2],
    ["shoebox-original-new", 0.5],
    ["someone-else", 2],
  ] as const) {
    await mkdir(join(root, name));
    await utimes(join(root, name), hours(age), hours(age));
  }
  await removeAbandonedScratch(now, root);
  expect((await readdir(root)).sort()).toEqual(["shoebox-original-new", "someone-else"]);
  await rm(root, { recursive: true });
});
