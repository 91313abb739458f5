/**
 * Changes one query parameter of a signed URL as text, or takes it away. Never through `URL`: that
 * writes all the others anew (`~` becomes `%7E`), and the URL would be refused for that alone.
 *
 * @param change from the parameter's text to the new one; undefined takes it away
 * @throws Error when the URL has no such parameter
 */
export function withParameter(
  url: string,
  name: string,
  change: (value: string) => string | undefined,
): string {
  const [path = "", query = ""] = url.split(/\?(.*)/s, 2);
  const pairs = query.split("&");
  const at = pairs.findIndex((pair) => pair.startsWith(`${name}=`));
  const pair = pairs[at];
  if (pair === undefined) throw new Error(`${url} has no ${name}.`);
  const value = change(pair.slice(name.length + 1));
  pairs.splice(at, 1, ...(value === undefined ? [] : [`${name}=${value}`]));
  return `${path}?${pairs.join("&")}`;
}

/** Another character in the middle of the text. */
export function flipped(text: string): string {
  const at = Math.floor(text.length / 2);
  return `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
}

const safe: Record<string, string> = { "+": "-", "=": "_", "/": "~" };
const unsafe = Object.fromEntries(Object.entries(safe).map(([from, to]) => [to, from]));

/** Base64 in CloudFront's alphabet. */
export function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("base64")
    .replace(/[+=/]/g, (character) => safe[character] ?? "");
}

export function decode(text: string): Buffer {
  return Buffer.from(
    text.replace(/[-_~]/g, (character) => unsafe[character] ?? ""),
    "base64",
  );
}
