import sharp, { type Sharp } from "sharp";

/**
 * sharp, set up once for the process. One libvips thread a picture: two pictures at a time fill two
 * cores better than one picture on two threads. No cache: no picture is decoded twice, and what is
 * cached counts against the memory of the function. Of libvips' many decoders only the three that
 * are wanted stay, so a disguised SVG, PDF or TIFF can't be opened even by mistake. HDR gain maps
 * of phones are in none of them: such a JPEG is read as the plain picture that it also is.
 */
sharp.concurrency(1);
sharp.cache(false);
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp"],
});

export { type Sharp, sharp };

/** Decoded pixels, interleaved, 8 bits a channel, sRGB, upright. */
export interface RawPicture {
  data: Buffer;
  width: number;
  height: number;
  channels: 3 | 4;
}

/** Opens decoded pixels for another derivation; nothing is decoded. */
export function fromRaw({ data, width, height, channels }: RawPicture): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}
