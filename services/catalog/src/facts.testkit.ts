import {
  ImageProcessed,
  ImageRejected,
  ProcessingRequested,
  RenditionsDeleted,
} from "@shoebox/shared/events/processing";
import { ImageUploaded, OriginalDeleted } from "@shoebox/shared/events/upload";
import { imageIdTime, newImageId } from "@shoebox/shared/ids";
import { originalKey, renditionPrefix } from "@shoebox/shared/image";
import type { z } from "zod";
import type { ImageKey } from "./domain/image-record.ts";

/** What the other services say of an image, for tests. */

export const NOON = Date.parse("2026-05-01T12:00:00.000Z");
export const OWNER = "ann";

export type UploadedData = z.infer<typeof ImageUploaded.data>;
export type ProcessedData = z.infer<typeof ImageProcessed.data>;

export function uploadedData(
  imageId = newImageId(NOON),
  changes: Partial<UploadedData> = {},
): UploadedData {
  const ownerId = changes.ownerId ?? OWNER;
  return {
    imageId,
    ownerId,
    bucket: "originals",
    key: originalKey(ownerId, imageId, "image/jpeg"),
    versionId: `v-${imageId.slice(-6)}`,
    contentType: "image/jpeg",
    size: 4_500_000,
    fileName: "Strand & Meer.jpeg",
    tags: ["beach"],
    visibility: "private",
    uploadedAt: new Date(imageIdTime(imageId)).toISOString(),
    ...changes,
  };
}

export function processedData(key: ImageKey, changes: Partial<ProcessedData> = {}): ProcessedData {
  const rendition = (name: string, format: "webp" | "jpeg", width: number) => ({
    name,
    format,
    width,
    height: width,
    size: width * 100,
    key: `${renditionPrefix(key.imageId)}${name}.${format}`,
  });
  return {
    ...key,
    width: 4000,
    height: 3000,
    thumbHash: "3OcRJYB4d3h/iIeHeEh3eIhw+j2w",
    color: "#8aa0b4",
    takenAt: "2026-04-30T08:00:00.000Z",
    exif: { cameraMake: "Canon", fNumber: 2.8 },
    gps: { latitude: 50.8, longitude: -0.13 },
    renditions: [
      rendition("thumb", "webp", 150),
      rendition("large", "jpeg", 1080),
      rendition("large", "webp", 1080),
    ],
    ...changes,
  };
}

export const REJECTION = { code: "infected", message: "The file contains malware." };

const metadata = () => ({
  eventId: crypto.randomUUID(),
  occurredAt: new Date(NOON).toISOString(),
  correlationId: "correlation-1",
});

/** The events the catalog hears, of one image. */
export const facts = {
  uploaded: (data: UploadedData) => ImageUploaded.make(metadata(), data),
  processed: (data: ProcessedData) => ImageProcessed.make(metadata(), data),
  rejected: ({ ownerId, imageId }: ImageKey) =>
    ImageRejected.make(metadata(), { ownerId, imageId, reason: REJECTION }),
  processingRequested: ({ ownerId, imageId }: ImageKey, retry: number, shown = false) =>
    ProcessingRequested.make(metadata(), { ownerId, imageId, retry, shown }),
  originalDeleted: ({ ownerId, imageId }: ImageKey) =>
    OriginalDeleted.make(metadata(), { ownerId, imageId }),
  renditionsDeleted: ({ ownerId, imageId }: ImageKey) =>
    RenditionsDeleted.make(metadata(), { ownerId, imageId }),
};
