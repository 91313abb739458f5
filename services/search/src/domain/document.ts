import { imageChecksum } from "@shoebox/shared/checksum";
import type { ImageState } from "@shoebox/shared/events/catalog";
import { foldText } from "./words.ts";

/** One document of the index: a picture, or the tombstone that keeps an older version of it away. */
export type Document =
  | {
      imageId: string;
      ownerId: string;
      version: number;
      checksum: number;
      deleted: false;
      status: ImageState["status"];
      visibility: ImageState["visibility"];
      tags: string[];
      words: string;
      uploadedAt: string;
      takenAt?: string;
      image: ImageState;
    }
  | { imageId: string; ownerId: string; version: number; deleted: true };

export function imageDocument(image: ImageState): Document {
  const { imageId, ownerId, version, status, visibility, tags, uploadedAt, takenAt } = image;
  return {
    imageId,
    ownerId,
    version,
    checksum: imageChecksum(imageId, version),
    deleted: false,
    status,
    visibility,
    tags,
    words: foldText([image.caption, image.fileName, ...tags].filter((text) => text).join("\n")),
    uploadedAt,
    takenAt,
    image,
  };
}

/**
 * OpenSearch forgets the version of a deleted document after a minute, and a late older version
 * would bring it back: a document that says "deleted" does not.
 */
export function tombstone(deleted: {
  imageId: string;
  ownerId: string;
  version: number;
}): Document {
  const { imageId, ownerId, version } = deleted;
  return { imageId, ownerId, version, deleted: true };
}
