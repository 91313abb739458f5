import { type Rendition, renditionPrefix } from "@shoebox/shared/image";
import type { Rendered } from "./render.ts";
import type { Step } from "./step.ts";

const extensions: Record<Rendition["format"], string> = { webp: "webp", jpeg: "jpg", avif: "avif" };

/** Writes the renditions under keys that follow from the image alone, so that a second attempt overwrites the first. */
export const store: Step<
  { imageId: string; correlationId: string; rendered: Rendered[] },
  { renditions: Rendition[] }
> = {
  name: "store",
  async run({ imageId, correlationId, rendered }, { renditions }) {
    const put = async ({ bytes, ...picture }: Rendered): Promise<Rendition> => {
      const key = `${renditionPrefix(imageId)}${picture.name}.${extensions[picture.format]}`;
      const contentType = `image/${picture.format}`;
      await renditions.put({ key, body: bytes, contentType, correlationId });
      return { ...picture, size: bytes.length, key };
    };
    return { renditions: await Promise.all(rendered.map(put)) };
  },
};
