import type { ContentType } from "@shoebox/shared/image";
import { contentTypeOf, SIGNATURE_BYTES } from "../domain/file-signature.ts";
import type { Size } from "../domain/geometry.ts";
import { Rejection } from "../domain/reasons.ts";
import { sharp } from "./image-library.ts";
import { headOf, type OriginalFile } from "./original-file.ts";
import type { Step } from "./step.ts";

export interface Identity {
  /** As it is seen, after the orientation that EXIF asks for. */
  seen: Size;
  /** The EXIF block as it is in the file. */
  exifBlock: Buffer | undefined;
}

/** JPEG's own limit; it also bounds what a picture that is one pixel high can ask for. */
const MAX_SIDE = 65_535;

/**
 * Says what the file is, from its headers alone: first bytes and decoder must both agree with the
 * declared type, and the pixels must be within the limit, before a single one is decoded. Of an
 * animated WebP (or PNG) the first frame is the picture; its size is what counts here.
 */
export const identify: Step<{ original: OriginalFile; contentType: ContentType }, Identity> = {
  name: "identify",
  async run({ original, contentType }, { limits }) {
    const claimed = contentTypeOf(await headOf(original, SIGNATURE_BYTES));
    if (claimed !== contentType) throw new Rejection("type-mismatch");
    const metadata = await sharp(original, { limitInputPixels: false })
      .metadata()
      .catch((error: unknown) => {
        throw new Rejection("undecodable", { cause: error });
      });
    if (`image/${metadata.format}` !== contentType) throw new Rejection("type-mismatch");
    const { autoOrient: seen, exif } = metadata;
    if (
      seen.width * seen.height > limits.maxPixels ||
      Math.max(seen.width, seen.height) > MAX_SIDE
    ) {
      throw new Rejection("too-many-pixels");
    }
    return { seen, exifBlock: exif };
  },
};
