import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp, { type Sharp } from "sharp";

export interface Picture {
  name: string;
  contentType: string;
  bytes: Buffer;
  /** True for a photograph that is known to be broken beyond decoding. */
  damaged: boolean;
}

export const photosFolder =
  process.env.SHOEBOX_PHOTOS ?? fileURLToPath(new URL("../../shared/photos", import.meta.url));

const types: Record<string, string> = {
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
};

/** Every picture of a folder, by its extension; empty when there is no such folder. */
export function picturesOf(folder: string): Picture[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const contentType = types[/\.\w+$/.exec(name)?.[0].toLowerCase() ?? ""];
      if (!contentType) return [];
      const bytes = readFileSync(join(folder, name));
      return [{ name, contentType, bytes, damaged: name === "damaged-corrupted.jpg" }];
    });
}

/** Pictures of every type, sizes from tiny to several megapixels, with EXIF and a turned one, and a cut-off file. */
export async function generatedPictures(): Promise<Picture[]> {
  const exif = { IFD0: { Make: "Shoebox", Model: "Pinhole" } };
  const jpeg = await scene(1600, 1200, 10).withExif(exif).jpeg().toBuffer();
  const kinds: [name: string, contentType: string, bytes: Buffer, damaged?: boolean][] = [
    ["harbour.jpg", "image/jpeg", jpeg],
    [
      "turned.jpg",
      "image/jpeg",
      await scene(800, 600, 60).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    ],
    ["meadow.png", "image/png", await scene(640, 480, 120).png().toBuffer()],
    ["dusk.webp", "image/webp", await scene(2400, 1600, 250).withExif(exif).webp().toBuffer()],
    ["stamp.png", "image/png", await scene(40, 30, 330).png().toBuffer()],
    ["damaged.jpg", "image/jpeg", Buffer.concat([jpeg.subarray(0, 600), Buffer.alloc(2000)]), true],
  ];
  return kinds.map(([name, contentType, bytes, damaged = false]) => ({
    name,
    contentType,
    bytes,
    damaged,
  }));
}

/** A small picture that is unlike every other, in a moment. */
export function smallPicture(hue: number, type: "jpeg" | "png" | "webp" = "jpeg"): Promise<Buffer> {
  return scene(64, 48, hue).toFormat(type).toBuffer();
}

/** A gradient with a sun: enough structure that encoders have work to do. */
export function scene(width: number, height: number, hue: number): Sharp {
  const sun = { x: width * (0.2 + (hue % 7) / 12), y: height * 0.35, r: height * 0.12 };
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0.3" y2="1">
      <stop offset="0" stop-color="hsl(${hue % 360} 70% 35%)"/>
      <stop offset="1" stop-color="hsl(${(hue + 50) % 360} 80% 75%)"/>
    </linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <circle cx="${sun.x}" cy="${sun.y}" r="${sun.r}" fill="hsl(${(hue + 180) % 360} 90% 80%)"/>
    <path d="M0 ${height} Q ${width / 3} ${height / 2} ${width} ${height * 0.8} V ${height} Z" fill="hsl(${(hue + 90) % 360} 40% 25%)"/>
  </svg>`;
  return sharp(Buffer.from(svg));
}
