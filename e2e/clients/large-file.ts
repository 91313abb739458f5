import { open } from "node:fs/promises";
import { largeFile } from "../parts.ts";
import { smallPicture } from "../pictures.ts";

const STEP = 16 * 1024 ** 2;

/** Writes a picture of so many bytes, unlike those of other hues. */
export async function writeLargeFile(path: string, size: number, hue: number): Promise<void> {
  const content = largeFile(await smallPicture(hue), size);
  const file = await open(path, "w");
  for (let from = 0; from < size; from += STEP) await file.write(content.slice(from, from + STEP));
  await file.close();
}
