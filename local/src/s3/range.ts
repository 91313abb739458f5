import { notImplemented, S3Error } from "./s3-error.ts";

/**
 * The bytes `start` to `end` (inclusive) that a Range header asks for; undefined when there is
 * none, or one that HTTP tells to ignore because it is malformed.
 *
 * @throws S3Error InvalidRange (416); 501 for more than one range, which S3 does not serve either
 */
export function parseRange(header: string | undefined, size: number) {
  if (header === undefined) return undefined;
  if (/^bytes=.*,/.test(header)) throw notImplemented("More than one range");
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [, first = "", last = ""] = match;
  const start = first === "" ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  if (start >= size || (first === "" && Number(last) === 0)) {
    throw new S3Error(
      416,
      "InvalidRange",
      "The requested range is not satisfiable",
      { RangeRequested: header, ActualObjectSize: size },
      { "content-range": `bytes */${size}` },
    );
  }
  return { start, end };
}
