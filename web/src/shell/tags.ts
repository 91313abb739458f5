/** What was typed as the service writes tags: lower-cased, 64 letters, digits, `-` and `_` of any script; empty for none. */
export function cleanTag(typed: string): string {
  const tag = typed
    .trim()
    .toLowerCase()
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}_-]/gu, "");
  return [...tag].slice(0, 64).join("");
}
