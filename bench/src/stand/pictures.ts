import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { photosFolder, picturesOf } from "../../../e2e/pictures.ts";

/** Pictures in a folder of their own, which goes when they are not needed any more. */
export interface PictureFolder {
  path: string;
  names: string[];
  remove(): void;
}

/** Pixels: what a phone takes. */
const WIDTH = 4_000;
const HEIGHT = 3_000;

/**
 * JPEGs of twelve megapixels and some three megabytes that are made up, but as much work as
 * photographs: noise of every size, from clouds to grain, and so with detail wherever one looks.
 */
export async function generatedPhotos(count: number): Promise<PictureFolder> {
  const pictures: [string, Buffer][] = [];
  for (let n = 0; n < count; n++) pictures.push([`made-${n}.jpg`, await madeUp(n)]);
  return folderWith(pictures);
}

/** The sample photographs, where there are any: those that phones and cameras took, three megapixels or more. */
export async function samplePhotos(): Promise<PictureFolder | undefined> {
  const large: [string, Buffer][] = [];
  for (const { name, bytes, damaged } of picturesOf(photosFolder)) {
    if (damaged) continue;
    const { width, height } = await sharp(bytes).metadata();
    if (width * height >= 3_000_000) large.push([name, bytes]);
  }
  return large.length > 0 ? folderWith(large) : undefined;
}

function folderWith(pictures: [string, Buffer][]): PictureFolder {
  const path = mkdtempSync(join(tmpdir(), "shoebox-bench-"));
  for (const [name, bytes] of pictures) writeFileSync(join(path, name), bytes);
  return {
    path,
    names: pictures.map(([name]) => name),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

async function madeUp(seed: number): Promise<Buffer> {
  const random = randomFrom(seed + 1);
  const octaves = await Promise.all(
    [500, 125, 32, 8, 2].map(async (grain) => {
      const [width, height] = [Math.ceil(WIDTH / grain), Math.ceil(HEIGHT / grain)];
      const pixels = Buffer.alloc(width * height * 3);
      for (let at = 0; at < pixels.length; at++) pixels[at] = random();
      return sharp(pixels, { raw: { width, height, channels: 3 } })
        .resize(WIDTH, HEIGHT, { kernel: "cubic", fit: "fill" })
        .ensureAlpha(grain > 100 ? 0.8 : grain > 10 ? 0.35 : 0.12)
        .raw()
        .toBuffer();
    }),
  );
  const raw = { width: WIDTH, height: HEIGHT, channels: 4 as const };
  const [ground, ...above] = octaves;
  return sharp(ground, { raw })
    .composite(above.map((input) => ({ input, raw })))
    .removeAlpha()
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** Bytes of mulberry32: the same pictures on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) & 0xff;
  };
}
