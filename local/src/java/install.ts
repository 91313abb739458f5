import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { enginesFolder } from "./engines-folder.ts";

/**
 * The folder of an engine, put together at the first time. It is built beside its place and moved there in one step,
 * so that an interrupted download leaves nothing that looks whole, and two that build at once do not meet.
 *
 * @param build makes the engine's folder somewhere below the folder it is given, and says where
 */
export async function installOnce(
  name: string,
  build: (workDir: string) => Promise<string>,
): Promise<string> {
  const engines = enginesFolder();
  const place = join(engines, name);
  if (existsSync(place)) return place;
  const workDir = mkdtempSync(join(engines, "building-"));
  try {
    const built = await build(workDir);
    if (!existsSync(place)) renameSync(built, place);
    return place;
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}
