import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { picturesOf } from "./pictures.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoebox-pictures-"));
  await mkdir(join(folder, "sub"));
  await mkdir(join(folder, ".thumbnails"));
  for (const name of ["b.JPG", "a.png", "notes.txt", "sub/c.webp", ".d.jpg", ".thumbnails/e.jpg"]) {
    await writeFile(join(folder, name), name);
  }
  await symlink(folder, join(folder, "sub", "circle"));
  await symlink(join(folder, "a.png"), join(folder, "sub", "again.png"));
});
afterAll(() => rm(folder, { recursive: true }));

const names = async (...paths: string[]) =>
  (await picturesOf(paths.map((path) => join(folder, path)))).map(({ path }) =>
    relative(folder, path),
  );

describe("what is uploaded", () => {
  it("of a folder is every picture below it, once, and nothing hidden", async () => {
    expect(await names("")).toEqual(["sub/again.png", "b.JPG", "sub/c.webp"]);
  });

  it("of a file is that file, whatever it is called", async () => {
    expect(await names("notes.txt", "b.JPG", "b.JPG")).toEqual(["notes.txt", "b.JPG"]);
  });

  it("of a pattern is what it matches", async () => {
    expect(await names("*.{png,JPG}")).toEqual(["a.png", "b.JPG"]);
  });

  it("is told to be missing by one sentence that names it", async () => {
    await expect(names("nothing.jpg")).rejects.toThrow(
      /^There is no file or folder .*nothing\.jpg\.$/,
    );
    await expect(names("*.gif")).rejects.toThrow(/^Nothing matches .*\*\.gif\.$/);
  });
});
