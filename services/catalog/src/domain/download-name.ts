/** Characters of the name without its extension: file systems take 255 bytes, and one character has up to four. */
const MAX_LENGTH = 60;

/**
 * The `Content-Disposition` (RFC 6266) under which a download is saved. The name is the user's, made
 * harmless: no path, no control or direction-changing characters, and the extension of what the
 * bytes really are, so that a picture that was called `invoice.html` is saved as `invoice.jpg`.
 *
 * @param suffix told apart from the original by it, such as `-thumb`; empty for the original
 */
export function attachment(fileName: string, suffix: string, extension: string): string {
  const base = fileName
    .replace(/\.[^.]*$/, "")
    .replace(/\p{C}/gu, "")
    .replace(/[\\/:*?"<>|]/g, "_")
    .replace(/^[.\s]+|[.\s]+$/g, "");
  const name = `${[...base].slice(0, MAX_LENGTH).join("") || "image"}${suffix}.${extension}`;
  return `attachment; filename*=UTF-8''${extValue(name)}`;
}

/** RFC 8187: what `encodeURIComponent` leaves and a parameter value may not have. */
function extValue(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
