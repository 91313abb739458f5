/** Bytes: 500 MiB, the largest upload there is. */
const LARGEST = 524_288_000;

export const ACCEPTED = ["image/jpeg", "image/png", "image/webp"];

/** Why a file will not be taken, known before a byte is sent; undefined when it will be tried. */
export function refusalOf({
  name,
  type,
  size,
}: {
  name: string;
  type: string;
  size: number;
}): string | undefined {
  if (!ACCEPTED.includes(type)) {
    const kind = /\.(\w{1,5})$/.exec(name)?.[1]?.toUpperCase();
    const what = kind ? `${kind} files are` : "This is";
    return `${what} not supported: photos can be JPEG, PNG or WebP.`;
  }
  if (size === 0) return "The file is empty.";
  if (size > LARGEST) return "The file is larger than 500 MiB, the most that is taken.";
  return undefined;
}
