import { imageIdBounds } from "@shoebox/shared/ids";

/** The range of image ids uploaded from `from` (inclusive) to `to` (exclusive), in milliseconds; undefined when it is empty. */
export function idRange(
  from = 0,
  to = Number.POSITIVE_INFINITY,
): { first: string; last: string } | undefined {
  // Nothing was uploaded before the epoch, which is where image ids begin.
  if (to <= Math.max(from, 0)) return undefined;
  return { first: imageIdBounds(from).first, last: imageIdBounds(to - 1).last };
}
