import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { peakMemory } from "../measure/peak-memory.ts";
import { likenessOf } from "./likeness.ts";
import { type MakePictures, makers, type Picture } from "./pixels.ts";

/** What it says when it begins. */
export interface Ready {
  /** Bytes: the most that this process had in memory so far. */
  peak: number;
}

/** What it took to make the renditions of all pictures of the folder. */
export interface Made {
  ms: number;
  /** Milliseconds of processor time. */
  cpu: number;
  bytes: number;
  /** Bytes: the most that this process ever had in memory. */
  peak: number;
  /** Mean SSIM of the WebP renditions; in the first answer only, for it takes long. */
  likeness?: number;
}

const types: Record<string, Picture["contentType"]> = {
  ".jpg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
};

/**
 * `node pixels-process.ts MAKER FOLDER [on-disk]`: makes the renditions of all pictures of a folder,
 * each time it is told to, and says what it took. A process of its own, since sharp is set up once
 * for each. With `on-disk` the originals are not held in memory, and nothing is looked at afterwards.
 */
const [maker = "", folder = "", where] = process.argv.slice(2);
const onDisk = where === "on-disk";
const make: MakePictures = await (makers[maker as keyof typeof makers] ?? makers.ours)(folder);
const pictures = readdirSync(folder)
  .sort()
  .map((name): Picture => {
    const path = join(folder, name);
    const contentType = types[extname(name)] ?? "image/jpeg";
    return { name, contentType, original: onDisk ? path : readFileSync(path) };
  });

let likeness = !onDisk;
process.on("message", async () => {
  const began = performance.now();
  const before = process.cpuUsage();
  const renditions = await make(pictures);
  const { user, system } = process.cpuUsage(before);
  const made: Made = {
    ms: performance.now() - began,
    cpu: (user + system) / 1000,
    bytes: renditions.flat().reduce((sum, { length }) => sum + length, 0),
    peak: peakMemory(),
  };
  if (likeness) made.likeness = await likenessOf(pictures, renditions);
  likeness = false;
  process.send?.(made);
});
process.on("disconnect", () => process.exit(0));
process.send?.({ peak: peakMemory() } satisfies Ready);
