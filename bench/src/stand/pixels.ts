import { Readable } from "node:stream";
import type { RenditionSpec } from "@shoebox/processing/domain/presets";
import { newImageId } from "@shoebox/shared/ids";
import { importPeer } from "../../peers/import.ts";

export interface Picture {
  name: string;
  bytes: Buffer;
}

/** Makes all renditions of all pictures; resolves with how many bytes they have. */
export type MakePictures = (pictures: Picture[]) => Promise<number>;

/** Those who can make them, each set up in a process that no other one has touched. */
export const makers = { ours, naive, ipx };

/** As many as the worker takes at a time. */
const AT_A_TIME = 2;

async function specs(): Promise<RenditionSpec[]> {
  const { presets } = await import("@shoebox/processing/domain/presets");
  return presets.default.renditions;
}

/** The whole pipeline of the processing service, as the worker runs it; only the bucket is memory. */
async function ours(): Promise<MakePictures> {
  const { processUpload } = await import("@shoebox/processing/pipeline/pipeline");
  const { createWorkshop, workshopConfig } = await import("@shoebox/processing/workshop");
  const { z } = await import("zod");
  return async (pictures) => {
    const stored = new Map<string, Buffer>();
    let bytes = 0;
    const workshop = createWorkshop(z.object(workshopConfig).parse({}), {
      originals: {
        async open({ key }) {
          const body = stored.get(key);
          return body && { size: body.length, body: Readable.from(pieces(body)) };
        },
      },
      renditions: {
        async put({ body }) {
          bytes += body.length;
        },
        removeAll: async () => undefined,
      },
    });
    const queue = [...pictures];
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const imageId = newImageId(Date.now());
        stored.set(imageId, next.bytes);
        const outcome = await processUpload(
          {
            imageId,
            bucket: "originals",
            key: imageId,
            versionId: "v1",
            contentType: "image/jpeg",
            size: next.bytes.length,
            correlationId: "bench",
          },
          workshop,
        );
        stored.delete(imageId);
        if (outcome.kind === "rejected") throw new Error(`${next.name}: ${outcome.reason.message}`);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    return bytes;
  };
}

/** sharp as its documentation shows it: a picture after the other, its renditions each for itself and in parallel. */
async function naive(): Promise<MakePictures> {
  const { default: sharp } = await import("sharp");
  const wanted = await specs();
  return async (pictures) => {
    let bytes = 0;
    for (const { bytes: original } of pictures) {
      const made = await Promise.all(
        wanted.map(({ width, height, fit, format, quality }) =>
          sharp(original)
            .autoOrient()
            .resize({ width, height, fit, withoutEnlargement: true })
            .toFormat(format, { quality })
            .toBuffer(),
        ),
      );
      bytes += made.reduce((sum, { length }) => sum + length, 0);
    }
    return bytes;
  };
}

interface Ipx {
  createIPX(
    options: object,
  ): (
    id: string,
    modifiers: Record<string, string>,
  ) => { process(): Promise<{ data: Buffer | string }> };
  ipxFSStorage(options: { dir: string }): unknown;
}

/** ipx, which makes each rendition when it is asked for: asked for all of a picture in parallel. */
async function ipx(folder: string): Promise<MakePictures> {
  const { createIPX, ipxFSStorage } = await importPeer<Ipx>("ipx");
  const image = createIPX({ storage: ipxFSStorage({ dir: folder }) });
  const wanted = await specs();
  return async (pictures) => {
    let bytes = 0;
    for (const { name } of pictures) {
      const made = await Promise.all(
        wanted.map(({ width, height, fit, format, quality }) =>
          image(name, {
            ...(height ? { resize: `${width}x${height}`, fit } : { width: String(width) }),
            format,
            quality: String(quality),
          }).process(),
        ),
      );
      bytes += made.reduce((sum, { data }) => sum + data.length, 0);
    }
    return bytes;
  };
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
