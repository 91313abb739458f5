import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "shoebox-original-";
/** Milliseconds: longer than any function may run, so what is older belongs to nobody. */
const ABANDONED = 3_600_000;

/** A directory for one picture, made when first asked for. */
export interface Scratch {
  file(name: string): Promise<string>;
  remove(): Promise<void>;
}

export function createScratch(): Scratch {
  let directory: Promise<string> | undefined;
  return {
    async file(name) {
      directory ??= mkdtemp(join(tmpdir(), PREFIX));
      return join(await directory, name);
    },
    async remove() {
      if (directory) await rm(await directory, { recursive: true, force: true });
    },
  };
}

/** Removes what killed processes left behind: a reused execution environment keeps its disk. Called at start. */
export async function removeAbandonedScratch(now: number, root = tmpdir()): Promise<void> {
  for (const name of await readdir(root)) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(root, name);
    const found = await stat(path).catch(() => undefined);
    if (found && now - found.mtimeMs > ABANDONED) await rm(path, { recursive: true, force: true });
  }
}
