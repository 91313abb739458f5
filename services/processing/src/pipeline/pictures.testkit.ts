import { crc32, deflateSync } from "node:zlib";
import { type Sharp, sharp } from "./image-library.ts";

/** A picture with structure: red top-left, green top-right, blue bottom-left, white bottom-right. */
export function quarters(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels.set(corner(x >= width / 2, y >= height / 2), (y * width + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

function corner(right: boolean, bottom: boolean): [number, number, number] {
  if (bottom) return right ? [255, 255, 255] : [0, 0, 255];
  return right ? [0, 255, 0] : [255, 0, 0];
}

/** The colours in the middle of the four corners of an encoded picture, named. */
export async function cornersOf(picture: Buffer): Promise<string[]> {
  const { data, info } = await sharp(picture)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => {
    const start = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 3;
    const channels = [...data.subarray(start, start + 3)];
    // Relative, because lossy encoders do not reach pure colours.
    const bright = Math.max(...channels) * 0.75;
    return channels.map((value) => (value > bright ? 1 : 0)).join("");
  };
  const names: Record<string, string> = {
    "100": "red",
    "010": "green",
    "001": "blue",
    "111": "white",
  };
  return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)].map(
    (color) => names[color] ?? color,
  );
}

/** Noise compresses badly: for files of a certain size. */
export function noise(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  let seed = 42;
  for (let i = 0; i < pixels.length; i++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[i] = seed >>> 24;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** A black PNG of one bit a pixel, made without sharp: the classic bomb, a thousand times smaller than what it unfolds to. */
export function bomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(1, 8);
  const rows = Buffer.alloc((Math.ceil(width / 8) + 1) * height);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** In pieces, for the same reason as in the scanner. */
export const eicar = [
  "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR",
  "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
].join("");
