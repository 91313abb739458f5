import type { Exif, Gps } from "@shoebox/shared/image";
import { rgbaToThumbHash } from "thumbhash";
import { dominantColor } from "../domain/dominant-color.ts";
import type { Decoded } from "./decode.ts";
import { readExif } from "./exif.ts";
import type { Identity } from "./identify.ts";
import { fromRaw } from "./image-library.ts";
import type { Step } from "./step.ts";

export interface Description {
  thumbHash: string;
  color: string;
  exif?: Exif;
  takenAt?: string;
  gps?: Gps;
}

/** ThumbHash takes at most 100 × 100 pixels. */
const SAMPLE = 100;

/** What can be said of a picture without showing it. */
export const describe: Step<Identity & Decoded, { description: Description }> = {
  name: "describe",
  async run({ base, exifBlock }) {
    const { data, info } = await fromRaw(base)
      .resize({ width: SAMPLE, height: SAMPLE, fit: "inside", withoutEnlargement: true })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const hash = rgbaToThumbHash(info.width, info.height, data);
    return {
      description: {
        thumbHash: Buffer.from(hash).toString("base64"),
        color: dominantColor(data),
        ...readExif(exifBlock),
      },
    };
  },
};
