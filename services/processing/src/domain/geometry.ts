/** Pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The longest side that WebP can have (RFC 9649: 14 bits); what is longer, tall screenshots above all, is made smaller as a whole. */
export const MAX_RENDITION_SIDE = 16_383;

const LARGE = 1080;
const THUMB = 150;

/**
 * The size to decode to, from which all renditions are derived: `large`, except for panoramas so
 * wide that their `large` is less high than a thumbnail. Those stay as large as the thumbnail needs.
 * Never larger than the picture. Bounds what is held in memory: 1080 × 16,383 pixels, or 150 × the
 * longest side accepted.
 */
export function baseSize(seen: Size): Size {
  const forLarge = Math.min(
    1,
    LARGE / seen.width,
    MAX_RENDITION_SIDE / seen.height,
    MAX_RENDITION_SIDE / seen.width,
  );
  const forThumb = Math.min(1, Math.max(THUMB / seen.width, THUMB / seen.height));
  const scale = Math.max(forLarge, forThumb);
  return {
    width: Math.max(1, Math.round(seen.width * scale)),
    height: Math.max(1, Math.round(seen.height * scale)),
  };
}
