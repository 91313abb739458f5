import { eicar, quarters } from "@shoebox/processing/pipeline/pictures.testkit";
import type { ContentType } from "@shoebox/shared/image";
import { remember } from "../services/remembered-pipeline.ts";

/** What clients of the simulation have to send, and what has to become of it. */
export interface Picture {
  name: string;
  /** As it is announced, whatever it is. */
  contentType: ContentType;
  bytes: Buffer;
  end: "ready" | "refused by upload" | "refused by processing";
}

/** Bytes that every picture has, so that one can be sent in place of another. */
const SIZE = 1_600;

let made: Promise<Picture[]> | undefined;

/** Made once for the process, and run through the real pipeline. */
export function pictures(): Promise<Picture[]> {
  made ??= make();
  return made;
}

async function make(): Promise<Picture[]> {
  const jpeg = (width: number, height: number) => quarters(width, height).jpeg().toBuffer();
  const first = await jpeg(32, 24);
  const all: Picture[] = [
    { name: "a JPEG", contentType: "image/jpeg", bytes: first, end: "ready" },
    { name: "another JPEG", contentType: "image/jpeg", bytes: await jpeg(24, 32), end: "ready" },
    {
      name: "a PNG",
      contentType: "image/png",
      bytes: await quarters(20, 20).png().toBuffer(),
      end: "ready",
    },
    {
      name: "a WebP",
      contentType: "image/webp",
      bytes: await quarters(40, 20).webp().toBuffer(),
      end: "ready",
    },
    {
      name: "an infected JPEG",
      contentType: "image/jpeg",
      bytes: Buffer.concat([first, Buffer.from(eicar)]),
      end: "refused by processing",
    },
    {
      name: "half a JPEG",
      contentType: "image/jpeg",
      bytes: first.subarray(0, Math.floor(first.length * 0.6)),
      end: "refused by processing",
    },
    {
      name: "a PNG that calls itself a JPEG",
      contentType: "image/jpeg",
      bytes: await quarters(20, 20).png().toBuffer(),
      end: "refused by upload",
    },
  ];
  const padded = all.map((picture) => ({ ...picture, bytes: pad(picture.bytes) }));
  for (const { bytes, contentType, end } of padded) {
    if (end !== "refused by upload") await remember(bytes, contentType);
  }
  return padded;
}

/** Decoders stop at a picture's end; what comes behind it they do not read. */
function pad(bytes: Buffer): Buffer {
  if (bytes.length > SIZE) throw new Error(`A picture has ${bytes.length} bytes.`);
  return Buffer.concat([bytes, Buffer.alloc(SIZE - bytes.length)]);
}
