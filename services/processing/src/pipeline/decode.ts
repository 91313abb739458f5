import { baseSize } from "../domain/geometry.ts";
import { Rejection } from "../domain/reasons.ts";
import type { Identity } from "./identify.ts";
import { type RawPicture, sharp } from "./image-library.ts";
import type { OriginalFile } from "./original-file.ts";
import type { Step } from "./step.ts";

export interface Decoded {
  /** The picture in the size that all renditions come from. */
  base: RawPicture;
}

/**
 * The one time that an original is decoded: to base size, sRGB, 8 bits, upright, without metadata.
 *
 * `failOn: "warning"`: whatever makes the decoder complain (a cut-off file above all) is rejected,
 * because a half-grey picture is not what was uploaded. Bytes behind the picture, and stray ones
 * before its end marker, draw no complaint and are let through.
 */
export const decode: Step<Identity & { original: OriginalFile }, Decoded> = {
  name: "decode",
  async run({ original, seen }, { limits }) {
    try {
      const { data, info } = await sharp(original, {
        autoOrient: true,
        failOn: "warning",
        limitInputPixels: limits.maxPixels,
      })
        .resize({ ...baseSize(seen), fit: "fill" })
        .toColourspace("srgb")
        .timeout({ seconds: limits.timeoutSeconds })
        .raw({ depth: "uchar" })
        .toBuffer({ resolveWithObject: true });
      const channels = info.channels === 4 ? 4 : 3;
      return { base: { data, width: info.width, height: info.height, channels } };
    } catch (error) {
      throw refusal(error);
    }
  },
};

/** libvips reports in words only. Too little memory is our trouble; all else is the file's. */
export function refusal(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (/out of memory|unable to allocate/i.test(message)) return error;
  if (/^timeout: /m.test(message)) return new Rejection("too-complex", { cause: error });
  if (/exceeds pixel limit/.test(message))
    return new Rejection("too-many-pixels", { cause: error });
  return new Rejection("undecodable", { cause: error });
}
