import { checksumHeader } from "./checksums.ts";
import { invalidArgument, notImplemented, S3Error } from "./s3-error.ts";
import type { ObjectVersion, Tags } from "./versions.ts";

const STORED = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
];
const META = "x-amz-meta-";
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;
const MAX_META_BYTES = 2048;
/** Classes from which an object can be read at any time: only the label differs here. */
const STORAGE_CLASSES = [
  "STANDARD",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER_IR",
];

/** The headers that PutObject, CopyObject, CreateMultipartUpload and forms store with an object. */
export const OBJECT_HEADERS = [
  META,
  "x-amz-storage-class",
  "x-amz-server-side-encryption",
  "x-amz-acl",
  "x-amz-tagging",
];

/** Picks what is kept with an object and refuses what this S3 could only pretend to do. */
export function storedHeaders(headers: ReadonlyMap<string, string>): Record<string, string> {
  const stored: Record<string, string> = { "content-type": "binary/octet-stream" };
  let metaBytes = 0;
  for (const [name, value] of headers) {
    if (name.startsWith(META)) {
      metaBytes += Buffer.byteLength(name) - META.length + Buffer.byteLength(value);
      stored[name] = value;
    } else if (STORED.includes(name) && value !== "") {
      // A form's field can hold a line break, which must never become a header of an answer.
      if (CONTROL.test(value))
        throw invalidArgument("Header value contains control characters.", name);
      stored[name] = value;
    }
  }
  if (metaBytes > MAX_META_BYTES) {
    throw new S3Error(
      400,
      "MetadataTooLarge",
      "Your metadata headers exceed the maximum allowed metadata size",
      { Size: metaBytes, MaxSizeAllowed: MAX_META_BYTES },
    );
  }
  const encoding = (stored["content-encoding"] ?? "")
    .split(",")
    .map((one) => one.trim())
    // aws-chunked is how the body travels, not what the object is.
    .filter((one) => one !== "" && one !== "aws-chunked")
    .join(",");
  if (encoding) stored["content-encoding"] = encoding;
  else delete stored["content-encoding"];

  const storageClass = headers.get("x-amz-storage-class") ?? "STANDARD";
  if (!STORAGE_CLASSES.includes(storageClass))
    throw notImplemented(`The storage class ${storageClass}`);
  if (storageClass !== "STANDARD") stored["x-amz-storage-class"] = storageClass;
  const encryption = headers.get("x-amz-server-side-encryption") ?? "AES256";
  if (encryption !== "AES256") throw notImplemented(`x-amz-server-side-encryption: ${encryption}`);
  const acl = headers.get("x-amz-acl") ?? headers.get("acl") ?? "bucket-owner-full-control";
  if (acl !== "bucket-owner-full-control") {
    throw new S3Error(400, "AccessControlListNotSupported", "The bucket does not allow ACLs");
  }
  return stored;
}

/** The tags of an `x-amz-tagging` header: `a=1&b=2`. */
export function taggingHeader(headers: ReadonlyMap<string, string>): Tags {
  return validTags([...new URLSearchParams(headers.get("x-amz-tagging") ?? "")]);
}

/** @throws S3Error InvalidTag, BadRequest: at most 10 tags, keys unique, 128 and 256 characters. */
export function validTags(tags: Tags): Tags {
  if (tags.length > 10) {
    throw new S3Error(400, "BadRequest", "Object tags cannot be greater than 10");
  }
  if (new Set(tags.map(([key]) => key)).size !== tags.length) {
    throw new S3Error(400, "InvalidTag", "Cannot provide multiple Tags with the same key");
  }
  for (const [key, value] of tags) {
    if (key.length < 1 || key.length > 128)
      throw new S3Error(400, "InvalidTag", "The TagKey you have provided is invalid");
    if (value.length > 256)
      throw new S3Error(400, "InvalidTag", "The TagValue you have provided is invalid");
  }
  return tags;
}

const lastModified = (version: ObjectVersion) => new Date(version.lastModified).toUTCString();

export const quoted = (etag: string) => `"${etag}"`;

/** The headers that describe a version in GetObject and HeadObject. */
export function versionHeaders(version: ObjectVersion, versioned: boolean) {
  const stored = Object.entries(version.headers).map(([name, value]) => [
    name,
    name.startsWith(META) ? asciiMeta(value) : value,
  ]);
  return {
    ...Object.fromEntries(stored),
    "accept-ranges": "bytes",
    etag: quoted(version.etag),
    "last-modified": lastModified(version),
    "x-amz-server-side-encryption": "AES256",
    ...(versioned ? { "x-amz-version-id": version.versionId } : {}),
    ...(version.tags.length > 0 ? { "x-amz-tagging-count": String(version.tags.length) } : {}),
  } as Record<string, string>;
}

export function checksumHeaders(version: Pick<ObjectVersion, "checksum">): Record<string, string> {
  const { checksum } = version;
  if (!checksum) return {};
  return {
    [checksumHeader(checksum.algorithm)]: checksum.value,
    "x-amz-checksum-type": checksum.type,
  };
}

// Headers carry ASCII; S3 returns other user metadata encoded as RFC 2047 has it.
const asciiMeta = (value: string) =>
  /^[\x20-\x7e]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString("base64")}?=`;

export function assertKey(key: string): void {
  if (Buffer.byteLength(key) > 1024) {
    throw new S3Error(400, "KeyTooLongError", "Your key is too long", {
      Size: Buffer.byteLength(key),
      MaxSizeAllowed: 1024,
    });
  }
  if (key.includes("\u0000"))
    throw invalidArgument("Object keys cannot contain the NUL character", "key");
}
