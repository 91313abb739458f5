import type { FoundImage, Image } from "@shoebox/client";
import { bytes, printable } from "./words.ts";

/** An image on one line, its id first. */
export function imageLine(image: Image | FoundImage): string {
  const { imageId, uploadedAt, status, size, tags, caption, fileName } = image;
  const name = printable(caption ?? fileName ?? "");
  const columns = [
    imageId,
    uploadedAt.slice(0, 16).replace("T", " "),
    (status ?? "ready").padEnd(10),
    bytes(size).padStart(7),
    tags.map((tag) => `#${printable(tag)}`).join(" "),
    name,
  ];
  return columns.filter(Boolean).join("  ");
}
