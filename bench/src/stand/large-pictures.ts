import { linkSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import sharp, { type Sharp } from "sharp";

/** A picture as large as the service accepts, in one respect or another. */
export interface LargePicture {
  what: string;
  extension: "jpg" | "png" | "webp";
  make(): Sharp;
}

/** Pixels of a side: the limit of a hundred megapixels. */
const SIDE = 10_000;

export const largePictures: LargePicture[] = [
  {
    what: "JPEG of noise, quality 100, 36 megapixels",
    extension: "jpg",
    make: () => noise(5_960, 5_960, 1).jpeg({ quality: 100, chromaSubsampling: "4:4:4" }),
  },
  {
    what: "JPEG, 100 megapixels",
    extension: "jpg",
    make: () => atTheLimit().jpeg(),
  },
  {
    what: "WebP, 100 megapixels",
    extension: "webp",
    // With more detail its first partition would be longer than the format allows.
    make: () => atTheLimit(50).webp({ effort: 1 }),
  },
  {
    what: "PNG, 100 megapixels",
    extension: "png",
    make: () => atTheLimit().png({ compressionLevel: 1 }),
  },
  {
    what: "JPEG, 100 megapixels, progressive, colour in full",
    extension: "jpg",
    make: () => atTheLimit().jpeg({ progressive: true, chromaSubsampling: "4:4:4" }),
  },
  {
    what: "PNG, 100 megapixels, interlaced, 16 bits, with transparency",
    extension: "png",
    make: () => atTheLimit(50).ensureAlpha(0.5).toColourspace("rgb16").png({ progressive: true }),
  },
];

/** A folder that has the picture once, or as two names of one file. */
export interface LargeFile {
  path: string;
  /** Bytes. */
  size: number;
  twice(): void;
  remove(): void;
}

export async function writeLarge({ extension, make }: LargePicture): Promise<LargeFile> {
  const path = mkdtempSync(join(tmpdir(), "shoebox-bench-"));
  const file = join(path, `one.${extension}`);
  await make().toFile(file);
  return {
    path,
    size: statSync(file).size,
    twice: () => linkSync(file, join(path, `two${extname(file)}`)),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Soft noise: how much memory a picture takes depends on its pixels, not on what they show. */
function atTheLimit(grain = 8): Sharp {
  return noise(SIDE, SIDE, grain);
}

function noise(width: number, height: number, grain: number): Sharp {
  const size = { width: width / grain, height: height / grain, channels: 3 as const };
  const pixels = Buffer.alloc(size.width * size.height * size.channels);
  let seed = 42;
  for (let at = 0; at < pixels.length; at++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[at] = seed >>> 24;
  }
  return sharp(pixels, { raw: size }).resize(width, height, { kernel: "cubic", fit: "fill" });
}
