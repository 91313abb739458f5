import type { ContentType } from "@shoebox/shared/image";

/** How many bytes `contentTypeOf` looks at. */
export const SIGNATURE_BYTES = 12;

const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The type that a file's first bytes claim, or undefined for anything else. */
export function contentTypeOf(head: Buffer): ContentType | undefined {
  if (head.subarray(0, JPEG.length).equals(JPEG)) return "image/jpeg";
  if (head.subarray(0, PNG.length).equals(PNG)) return "image/png";
  const isRiff = head.toString("latin1", 0, 4) === "RIFF";
  if (isRiff && head.toString("latin1", 8, 12) === "WEBP") return "image/webp";
  return undefined;
}
