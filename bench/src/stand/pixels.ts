import { createReadStream, statSync } from "node:fs";
import { Readable } from "node:stream";
import type { RenditionSpec } from "@shoebox/processing/domain/presets";
import type { Originals } from "@shoebox/processing/pipeline/ports";
import type { Workshop } from "@shoebox/processing/pipeline/step";
import { newImageId } from "@shoebox/shared/ids";
import { importPeer } from "../../peers/import.ts";

export interface Picture {
  name: string;
  contentType: "image/jpeg" | "image/png" | "image/webp";
  /** Its bytes, or the path of the file that has them. */
  original: Buffer | string;
}

/** Makes all renditions of all pictures: of each picture those of the default preset, in its order. */
export type MakePictures = (pictures: Picture[]) => Promise<Buffer[][]>;

/** Those who can make them, each set up in a process that no other one has touched. */
export const makers = { ours, naive, ipx, ceiling };
export type MakerName = keyof typeof makers;

/** As many as the worker takes at a time. */
const AT_A_TIME = 2;

/** Seconds: a busy machine is no reason to call a picture too complex. */
const PATIENCE = 600;

async function specs(): Promise<RenditionSpec[]> {
  const { presets } = await import("@shoebox/processing/domain/presets");
  return presets.default.renditions;
}

/** The whole pipeline of the processing service, as the worker runs it; only the bucket is memory. */
async function ours(): Promise<MakePictures> {
  const { processUpload } = await import("@shoebox/processing/pipeline/pipeline");
  const uploaded = new Map<string, Picture>();
  const stored = new Map<string, Buffer>();
  const workshop = await workshopWith(
    {
      async open({ key }) {
        const picture = uploaded.get(key);
        return picture && { size: sizeOf(picture), body: bytesOf(picture) };
      },
    },
    stored,
  );
  return async (pictures) => {
    stored.clear();
    return await aFewAtATime(pictures, async (picture) => {
      const imageId = newImageId(Date.now());
      uploaded.set(imageId, picture);
      const upload = { imageId, bucket: "originals", key: imageId, versionId: "v1" };
      const { contentType, name } = picture;
      const size = sizeOf(picture);
      const outcome = await processUpload(
        { ...upload, contentType, size, correlationId: "bench" },
        workshop,
      );
      uploaded.delete(imageId);
      if (outcome.kind === "rejected") throw new Error(`${name}: ${outcome.reason.message}`);
      return outcome.result.renditions.map(({ key }) => stored.get(key) ?? Buffer.alloc(0));
    });
  };
}

async function workshopWith(
  originals: Originals,
  stored = new Map<string, Buffer>(),
): Promise<Workshop> {
  const { createWorkshop, workshopConfig } = await import("@shoebox/processing/workshop");
  const { z } = await import("zod");
  return createWorkshop(z.object(workshopConfig).parse({ DECODE_TIMEOUT_SECONDS: PATIENCE }), {
    originals,
    renditions: {
      async put({ key, body }) {
        stored.set(key, body);
      },
      removeAll: async () => undefined,
    },
  });
}

/** sharp as its documentation shows it: a picture after the other, its renditions each for itself and in parallel. */
async function naive(): Promise<MakePictures> {
  const { default: sharp } = await import("sharp");
  const wanted = await specs();
  return async (pictures) => {
    const made: Buffer[][] = [];
    for (const { original } of pictures) {
      made.push(
        await Promise.all(
          wanted.map(({ width, height, fit, format, quality }) =>
            sharp(original)
              .autoOrient()
              .resize({ width, height, fit, withoutEnlargement: true })
              .toFormat(format, { quality })
              .toBuffer(),
          ),
        ),
      );
    }
    return made;
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
    const made: Buffer[][] = [];
    for (const { name } of pictures) {
      const files = await Promise.all(
        wanted.map(({ width, height, fit, format, quality }) =>
          image(name, {
            ...(height ? { resize: `${width}x${height}`, fit } : { width: String(width) }),
            format,
            quality: String(quality),
          }).process(),
        ),
      );
      made.push(files.map(({ data }) => Buffer.from(data)));
    }
    return made;
  };
}

/**
 * What no pipeline with the service's encoders can do without: the one decoding, and the encodings of
 * pixels that are there already in their sizes. Nothing is read, scanned, made smaller or described.
 */
async function ceiling(): Promise<MakePictures> {
  const { decode } = await import("@shoebox/processing/pipeline/decode");
  const { identify } = await import("@shoebox/processing/pipeline/identify");
  const { fromRaw } = await import("@shoebox/processing/pipeline/image-library");
  const { render } = await import("@shoebox/processing/pipeline/render");
  const { free } = await import("@shoebox/processing/pipeline/free");
  const { createScratch } = await import("@shoebox/processing/pipeline/scratch");
  const tools = {
    ...(await workshopWith({ open: async () => undefined })),
    scratch: createScratch(),
  };
  const wanted = await specs();
  const prepare = async ({ original, contentType }: Picture) => {
    const identity = await identify.run({ original, contentType }, tools);
    const { base } = await decode.run({ original, ...identity }, tools);
    const sized = wanted.map(async (spec) => {
      const { data, info } = await fromRaw(base)
        .resize({ width: spec.width, height: spec.height, fit: spec.fit, withoutEnlargement: true })
        .raw()
        .toBuffer({ resolveWithObject: true });
      const preset = { name: "one of them", renditions: [spec] };
      const size = { width: info.width, height: info.height, channels: base.channels };
      return { preset, base: { data, ...size } };
    });
    return { identity, sized: await Promise.all(sized) };
  };
  const prepared = new Map<string, Awaited<ReturnType<typeof prepare>>>();
  return (pictures) =>
    aFewAtATime(pictures, async (picture) => {
      const { identity, sized } = prepared.get(picture.name) ?? (await prepare(picture));
      prepared.set(picture.name, { identity, sized });
      const { base: again } = await decode.run({ original: picture.original, ...identity }, tools);
      free(again.data);
      const encodings = sized.map(({ base, preset }) => render.run({ base }, { ...tools, preset }));
      const made = await Promise.all(encodings);
      return made.flatMap(({ rendered }) => rendered.map(({ bytes }) => bytes));
    });
}

/** In the order of the pictures, whichever is done first. */
async function aFewAtATime(
  pictures: Picture[],
  make: (picture: Picture) => Promise<Buffer[]>,
): Promise<Buffer[][]> {
  const made: Buffer[][] = [];
  const queue = [...pictures.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, picture] = next;
      made[index] = await make(picture);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return made;
}

function sizeOf({ original }: Picture): number {
  return typeof original === "string" ? statSync(original).size : original.length;
}

function bytesOf({ original }: Picture): Readable {
  return typeof original === "string"
    ? createReadStream(original)
    : Readable.from(pieces(original));
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
