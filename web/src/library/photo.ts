import type { FoundImage, Image } from "@shoebox/client";

/** A picture as the gallery shows it: one's own from the catalog, or any from a search. */
export type Photo = Image | FoundImage;

/** Width over height as it is laid out; square until it is known. */
export function aspectOf({ width, height }: Pick<Photo, "width" | "height">): number {
  return width && height ? width / height : 1;
}

/** The renditions of whole pictures (not the square `thumb`) for an `img`: the browser picks by its size on the page. */
export function sourcesOf(photo: Photo): { src: string; srcSet: string } | undefined {
  const whole = photo.renditions.filter(
    ({ name, format }) => name !== "thumb" && format === "webp",
  );
  const byWidth = new Map(whole.map((rendition) => [rendition.width, rendition]));
  const [first] = byWidth.values();
  if (!first) return undefined;
  const srcSet = [...byWidth.values()].map(({ url, width }) => `${url} ${width}w`).join(", ");
  return { src: first.url, srcSet };
}

/** What a picture is called when nobody sees it: its caption, its tags, or its name and day. */
export function describe(photo: Photo): string {
  if (photo.caption) return photo.caption;
  const what = photo.tags.length > 0 ? `Photo: ${photo.tags.join(", ")}` : "Photo";
  return `${what}, ${dayOf(photo.takenAt ?? photo.uploadedAt)}`;
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

function dayOf(instant: string): string {
  return day.format(new Date(instant));
}
