import { presets } from "@shoebox/processing/domain/presets";
import sharp, { type Sharp } from "sharp";
import { lumaOf, ssim } from "../measure/ssim.ts";
import type { Picture } from "./pixels.ts";

/**
 * The mean SSIM of the WebP renditions of all pictures with the originals: decoded in full and made
 * smaller, without the decoder's own reduction.
 *
 * @throws Error when a rendition has not the size that is wanted
 */
export async function likenessOf(pictures: Picture[], made: Buffer[][]): Promise<number> {
  let sum = 0;
  let count = 0;
  for (const [which, { original }] of pictures.entries()) {
    for (const [index, { width, height, fit, format }] of presets.default.renditions.entries()) {
      const rendition = made[which]?.[index];
      if (format !== "webp") continue;
      const size = { width, height, fit, withoutEnlargement: true, fastShrinkOnLoad: false };
      const wanted = await lumaIn(sharp(original, { autoOrient: true }).resize(size));
      sum += ssim(wanted, await lumaIn(sharp(rendition)));
      count++;
    }
  }
  return sum / count;
}

async function lumaIn(picture: Sharp) {
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return lumaOf(data, info.width, info.height);
}
