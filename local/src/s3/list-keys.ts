import { encodeRfc3986 } from "../sigv4/signing.ts";
import { invalidArgument } from "./s3-error.ts";

/** The greatest text that begins with `prefix`: everything under a common prefix sorts before. */
export const afterPrefix = (prefix: string) => `${prefix}\u{10ffff}`;

export interface ListParameters {
  prefix: string;
  delimiter: string;
  maxKeys: number;
  /** Writes a key as the answer has to show it. */
  show: (key: string) => string;
  encodingType: string | undefined;
}

/** The parameters that all listings share. @throws S3Error InvalidArgument */
export function listParameters(
  query: ReadonlyMap<string, string>,
  maxName: string,
): ListParameters {
  const encodingType = query.get("encoding-type");
  if (encodingType !== undefined && encodingType !== "url") {
    throw invalidArgument(
      "Invalid Encoding Method specified in Request",
      "encoding-type",
      encodingType,
    );
  }
  const max = query.get(maxName) ?? "1000";
  if (!/^\d{1,10}$/.test(max)) {
    throw invalidArgument(
      `Provided ${maxName} not an integer or within integer range`,
      maxName,
      max,
    );
  }
  return {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    maxKeys: Math.min(Number(max), 1000),
    show: encodingType ? (key) => encodeRfc3986(key).replaceAll("%2F", "/") : (key) => key,
    encodingType,
  };
}

/** The common prefix that `key` is rolled up into, if it is. */
export function commonPrefix(key: string, { prefix, delimiter }: ListParameters) {
  if (delimiter === "") return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
