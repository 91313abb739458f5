import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { newImageId } from "@shoebox/shared/ids";
import type { ContentType } from "@shoebox/shared/image";
import { presets } from "../domain/presets.ts";
import { eicarScanner } from "./eicar-scanner.ts";
import { processUpload, type Upload } from "./pipeline.ts";
import type { Originals, RenditionStore } from "./ports.ts";
import type { Workshop } from "./step.ts";

export interface StoredObject {
  body: Buffer;
  contentType: string;
}

/** Object storage in memory, for tests of what happens around it. */
export function memoryStorage() {
  const originals = new Map<string, Buffer>();
  const objects = new Map<string, StoredObject>();
  const reader: Originals = {
    async open({ key }) {
      const bytes = originals.get(key);
      return bytes && { size: bytes.length, body: Readable.from(pieces(bytes)) };
    },
  };
  const renditions: RenditionStore = {
    async put({ key, body, contentType }) {
      objects.set(key, { body, contentType });
    },
    async removeAll(imageId) {
      for (const key of objects.keys()) if (key.includes(imageId)) objects.delete(key);
    },
  };
  return { originals, objects, reader, renditions };
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

function uploadOf(bytes: Buffer, contentType: ContentType): Upload {
  const imageId = newImageId(Date.now());
  return {
    imageId,
    bucket: "originals",
    key: `originals/b3duZXI/${imageId}.jpg`,
    versionId: "v1",
    contentType,
    size: bytes.length,
    correlationId: "test-correlation",
  };
}

/** Runs bytes through the whole pipeline and gives back how it ended and what was stored. */
export async function run(
  bytes: Buffer,
  contentType: ContentType = "image/jpeg",
  changes: Partial<Workshop> = {},
) {
  const { originals, objects, reader, renditions } = memoryStorage();
  const upload = uploadOf(bytes, contentType);
  originals.set(upload.key, bytes);
  const outcome = await processUpload(upload, {
    originals: reader,
    renditions,
    scanner: eicarScanner,
    preset: presets.default,
    limits: defaultLimits,
    ...changes,
  });
  return { upload, outcome, objects };
}

/** The same, for pictures that must go through. */
export async function runWell(
  bytes: Buffer,
  contentType: ContentType = "image/jpeg",
  changes: Partial<Workshop> = {},
) {
  const { outcome, objects, upload } = await run(bytes, contentType, changes);
  if (outcome.kind === "rejected") throw new Error(`rejected: ${outcome.reason.code}`);
  const stored = (name: string, format = "webp"): Buffer => {
    const found = outcome.result.renditions.find(
      (rendition) => rendition.name === name && rendition.format === format,
    );
    const object = found && objects.get(found.key);
    if (!object) throw new Error(`There is no ${name} in ${format}.`);
    return object.body;
  };
  return { result: outcome.result, steps: outcome.steps, objects, upload, stored };
}

export const defaultLimits = {
  maxBytes: 104_857_600,
  maxPixels: 100_000_000,
  timeoutSeconds: 30,
};

const folder =
  process.env.SHOEBOX_PHOTOS ?? resolve(import.meta.dirname, "../../../../../shared/photos");

/** True where the sample photographs are; tests that need them are skipped elsewhere. */
export const hasPhotos = existsSync(join(folder, "phone-iphone.jpg"));
export const photosFolder = folder;

export function photo(name: string): Promise<Buffer> {
  return readFile(join(folder, name));
}
