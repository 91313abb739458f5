import { thumbHashToDataURL } from "thumbhash";

/** Placeholders that are kept; each is about two kilobytes. */
const MOST = 2_000;

const made = new Map<string, string>();

/** A blurred picture as a data URL, from a few bytes in base64; undefined when they are none. */
export function placeholderOf(thumbHash: string | undefined): string | undefined {
  if (thumbHash === undefined) return undefined;
  const known = made.get(thumbHash);
  if (known !== undefined) return known;
  try {
    const hash = Uint8Array.from(atob(thumbHash), (character) => character.charCodeAt(0));
    const url = thumbHashToDataURL(hash);
    if (made.size >= MOST) made.delete(made.keys().next().value ?? "");
    made.set(thumbHash, url);
    return url;
  } catch {
    return undefined;
  }
}
