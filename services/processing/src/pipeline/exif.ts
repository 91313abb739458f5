import type { Gps } from "@shoebox/shared/image";
import ExifReader from "exifreader";
import { type CameraFacts, type RawTags, readCamera, readGps } from "../domain/camera.ts";

/** A JPEG holds 64 KB of it; a PNG could hold gigabytes. */
const MAX_EXIF_BYTES = 262_144;
const PREFIX = Buffer.from("Exif\0\0");

/**
 * Reads an EXIF block, with or without the `Exif` prefix that JPEG puts before it: what follows is a
 * small TIFF, whatever file it was in. A block that can't be read says nothing; it never fails an image.
 */
export function readExif(block: Buffer | undefined): CameraFacts & { gps?: Gps } {
  if (block === undefined || block.length > MAX_EXIF_BYTES) return {};
  const hasPrefix = block.subarray(0, PREFIX.length).equals(PREFIX);
  const tiff = hasPrefix ? block.subarray(PREFIX.length) : block;
  try {
    const { exif, gps } = ExifReader.load(tiff, { expanded: true });
    const position = readGps(gps);
    return { ...readCamera((exif ?? {}) as RawTags), ...(position && { gps: position }) };
  } catch {
    return {};
  }
}
