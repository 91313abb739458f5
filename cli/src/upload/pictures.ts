import { glob, readdir, realpath, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { ExitCode, Failure } from "../failure.ts";

/** A file to upload, as it was found. */
export interface PictureFile {
  path: string;
  /** Bytes. */
  size: number;
  modified: number;
}

const EXTENSIONS = new Set([".jpg", ".jpeg", ".png", ".webp"]);
const PATTERN = /[*?[{]/;

/**
 * The files that paths mean: a file is itself, whatever it is called; of a folder every picture below it by its
 * extension, hidden ones left out; of a pattern what it matches. Each file once, in the order of the paths.
 *
 * @throws Failure for a path that means nothing
 */
export async function picturesOf(paths: string[]): Promise<PictureFile[]> {
  const found = new Map<string, PictureFile>();
  for (const path of paths) {
    for (const one of await meant(path)) {
      for (const picture of await below(one)) found.set(await realpath(picture.path), picture);
    }
  }
  return [...found.values()];
}

/** Every picture below a folder, in the order of their names. */
export async function below(path: string): Promise<PictureFile[]> {
  const entry = await stat(path);
  if (entry.isFile()) return [{ path, size: entry.size, modified: entry.mtimeMs }];
  return entry.isDirectory() ? await inFolder(path) : [];
}

async function inFolder(folder: string): Promise<PictureFile[]> {
  const pictures: PictureFile[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".")) continue;
    // Links to folders are not followed: they may lead in a circle.
    if (entry.isDirectory()) pictures.push(...(await inFolder(path)));
    else if (EXTENSIONS.has(extname(entry.name).toLowerCase())) {
      const file = await stat(path).catch(() => undefined);
      if (file?.isFile()) pictures.push({ path, size: file.size, modified: file.mtimeMs });
    }
  }
  return pictures;
}

async function meant(path: string): Promise<string[]> {
  if (await stat(path).catch(() => undefined)) return [path];
  if (!PATTERN.test(path))
    throw new Failure(`There is no file or folder ${path}.`, ExitCode.misuse);
  const matches = await Array.fromAsync(glob(path));
  if (matches.length === 0) throw new Failure(`Nothing matches ${path}.`, ExitCode.misuse);
  return matches.toSorted();
}
