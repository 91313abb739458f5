import { checksumHeaders, versionHeaders } from "./object-headers.ts";
import type { Call, Operation, Reply } from "./operation.ts";
import { notModified } from "./preconditions.ts";
import { parseRange } from "./range.ts";
import { invalidArgument } from "./s3-error.ts";
import { blobsOf, readableVersion, versioningOf } from "./versions.ts";

const OVERRIDES = [
  "content-type",
  "content-language",
  "expires",
  "cache-control",
  "content-disposition",
  "content-encoding",
];
const understood = {
  on: "object",
  query: ["versionId", ...OVERRIDES.map((name) => `response-${name}`)],
  headers: [
    "range",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
    "x-amz-checksum-mode",
  ],
} as const;

export const getObject: Operation = {
  name: "GetObject",
  method: "GET",
  on: understood.on,
  query: [...understood.query],
  headers: [...understood.headers],
  run: readObject,
};

export const headObject: Operation = { ...getObject, name: "HeadObject", method: "HEAD" };

function readObject(call: Call): Reply {
  const { store, bucket, key } = call;
  const version = readableVersion(store, bucket, key, call.query.get("versionId"));
  const headers: Record<string, string | number> = {
    ...versionHeaders(version, versioningOf(store, bucket) !== ""),
    ...responseOverrides(call.query),
  };
  if (notModified(version, call.headers)) {
    const { etag, "last-modified": lastModified, "x-amz-version-id": versionId } = headers;
    return {
      status: 304,
      headers: { etag, "last-modified": lastModified, "x-amz-version-id": versionId },
    };
  }
  const range = parseRange(call.headers.get("range"), version.size);
  if (range) headers["content-range"] = `bytes ${range.start}-${range.end}/${version.size}`;
  // A checksum describes the whole object, so S3 leaves it out of partial answers.
  else if (call.headers.get("x-amz-checksum-mode")?.toUpperCase() === "ENABLED") {
    Object.assign(headers, checksumHeaders(version));
  }
  const { start, end } = range ?? { start: 0, end: version.size - 1 };
  headers["content-length"] = end - start + 1;
  return {
    status: range ? 206 : 200,
    headers,
    ...(call.method === "HEAD"
      ? {}
      : { body: store.blobs.read(blobsOf(store, version), start, end) }),
  };
}

function responseOverrides(query: ReadonlyMap<string, string>): Record<string, string> {
  const overrides: Record<string, string> = {};
  for (const name of OVERRIDES) {
    const value = query.get(`response-${name}`);
    if (value === undefined) continue;
    if (!/^[\t\x20-\x7e\xa0-\xff]*$/.test(value)) {
      throw invalidArgument(
        "Header value cannot be represented using ISO-8859-1.",
        `response-${name}`,
        value,
      );
    }
    overrides[name] = value;
  }
  return overrides;
}
