import { MAX_RENDITION_SIDE } from "../domain/geometry.ts";
import type { RenditionSpec } from "../domain/presets.ts";
import type { Decoded } from "./decode.ts";
import { fromRaw, type RawPicture } from "./image-library.ts";
import type { Step } from "./step.ts";

/** A rendition that is not stored yet. */
export interface Rendered {
  name: string;
  format: RenditionSpec["format"];
  width: number;
  height: number;
  bytes: Buffer;
}

/** All renditions of the preset, side by side, from the decoded picture. They are new files: there is no metadata to leak. */
export const render: Step<Decoded, { rendered: Rendered[] }> = {
  name: "render",
  async run({ base }, { preset }) {
    return { rendered: await Promise.all(preset.renditions.map((spec) => make(base, spec))) };
  },
};

async function make(base: RawPicture, spec: RenditionSpec): Promise<Rendered> {
  const resized = fromRaw(base).resize({
    width: spec.width,
    height: spec.height ?? MAX_RENDITION_SIDE,
    fit: spec.fit,
    withoutEnlargement: true,
  });
  const { data, info } = await encoded(resized, spec).toBuffer({ resolveWithObject: true });
  return {
    name: spec.name,
    format: spec.format,
    width: info.width,
    height: info.height,
    bytes: data,
  };
}

function encoded(picture: ReturnType<typeof fromRaw>, { format, quality, effort }: RenditionSpec) {
  switch (format) {
    case "webp":
      return picture.webp({ quality, effort });
    case "avif":
      return picture.avif({ quality, effort });
    case "jpeg":
      // JPEG knows no transparency; white is what galleries show through it.
      return picture.flatten({ background: "#ffffff" }).jpeg({ quality });
    default:
      return format satisfies never;
  }
}
