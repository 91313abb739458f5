import type { ImageKey, ImageRecord } from "../domain/image-record.ts";

const OWNER = "userId#";
const IMAGE = "imageId#";

/** The key of an image in the table. */
export function itemKey(key: ImageKey): { PK: string; SK: string } {
  return { PK: ownerKey(key.ownerId), SK: imageKey(key.imageId) };
}

export const ownerKey = (ownerId: string): string => `${OWNER}${ownerId}`;
export const imageKey = (imageId: string): string => `${IMAGE}${imageId}`;
export const imageIdOf = (imageKey: string): string => imageKey.slice(IMAGE.length);

/** The record inside an item, or undefined when the item is no image (a tag link, an idempotency record). */
export function toRecord(item: Record<string, unknown>): ImageRecord | undefined {
  const { PK, SK, ...attributes } = item;
  if (typeof PK !== "string" || typeof SK !== "string") return undefined;
  if (!PK.startsWith(OWNER) || !SK.startsWith(IMAGE)) return undefined;
  return {
    ...(attributes as unknown as ImageRecord),
    ownerId: PK.slice(OWNER.length),
    imageId: imageIdOf(SK),
  };
}

/**
 * A tag link: it exists exactly while the image has the tag. `tagKey` and `imageKey` are the key of
 * the index `byTag`: one owner's images with one tag, by time.
 */
export function linkItem(key: ImageKey, tag: string) {
  return {
    ...linkKey(key.imageId, tag),
    tagKey: tagKey(key.ownerId, tag),
    imageKey: imageKey(key.imageId),
  };
}

export function linkKey(imageId: string, tag: string): { PK: string; SK: string } {
  return { PK: imageKey(imageId), SK: `tag#${tag}` };
}

export const tagKey = (ownerId: string, tag: string): string => `${ownerKey(ownerId)}#tag#${tag}`;
