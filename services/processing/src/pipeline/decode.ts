import { baseSize, type Size, transposed } from "../domain/geometry.ts";
import { isQuarter, type Turn, turnOf } from "../domain/orientation.ts";
import { Rejection } from "../domain/reasons.ts";
import type { Identity } from "./identify.ts";
import { type RawPicture, type Sharp, sharp } from "./image-library.ts";
import type { OriginalFile } from "./original-file.ts";
import type { Step } from "./step.ts";

/** The picture as it is seen: `seen` in full size, `base` in the size that all renditions come from. */
export interface Decoded {
  seen: Size;
  base: RawPicture;
}

/**
 * The one time that an original is decoded: to base size, sRGB, 8 bits, upright, without metadata.
 *
 * The turn comes after the resize, on few pixels. sharp's own autoOrient turns first, and then can
 * neither let libjpeg decode at a fraction of the size nor stream: measured on a 12 MP picture with
 * orientation 6, three times the time (README).
 *
 * `failOn: "warning"`: whatever makes the decoder complain (a cut-off file above all) is rejected,
 * because a half-grey picture is not what was uploaded. Bytes behind the picture, and stray ones
 * before its end marker, draw no complaint and are let through.
 */
export const decode: Step<Identity & { original: OriginalFile }, Decoded> = {
  name: "decode",
  async run({ original, stored, orientation }, { limits }) {
    const turn = turnOf(orientation);
    const seen = isQuarter(turn) ? transposed(stored) : stored;
    const wanted = isQuarter(turn) ? transposed(baseSize(seen)) : baseSize(seen);
    const picture = sharp(original, { failOn: "warning", limitInputPixels: limits.maxPixels })
      .resize({ ...wanted, fit: "fill" })
      .toColourspace("srgb")
      .timeout({ seconds: limits.timeoutSeconds });
    try {
      const { data, info } = await upright(picture, turn)
        .raw({ depth: "uchar" })
        .toBuffer({ resolveWithObject: true });
      const channels = info.channels === 4 ? 4 : 3;
      return { seen, base: { data, width: info.width, height: info.height, channels } };
    } catch (error) {
      throw refusal(error);
    }
  },
};

function upright(picture: Sharp, turn: Turn): Sharp {
  const mirrored = {
    none: () => picture,
    "left-right": () => picture.flop(),
    "top-bottom": () => picture.flip(),
  }[turn.mirror]();
  return turn.degrees === 0 ? mirrored : mirrored.rotate(turn.degrees);
}

/** libvips reports in words only. Too little memory is our trouble; all else is the file's. */
function refusal(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (/out of memory|unable to allocate/i.test(message)) return error;
  if (/^timeout: /m.test(message)) return new Rejection("too-complex", { cause: error });
  if (/exceeds pixel limit/.test(message))
    return new Rejection("too-many-pixels", { cause: error });
  return new Rejection("undecodable", { cause: error });
}
