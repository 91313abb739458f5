import type { Bucket, Version } from "./bucket.ts";
import {
  element,
  elementsIn,
  type S3Answer,
  type S3Request,
  s3Error,
  xmlAnswer,
} from "./request.ts";

/** The operations on objects, as our adapters use them. */
export const objectActions: Record<string, (bucket: Bucket, request: S3Request) => S3Answer> = {
  PutObject(bucket, { key, headers, body }) {
    if (headers["if-none-match"] === "*" && bucket.find(key)?.bytes) {
      return s3Error(412, "PreconditionFailed");
    }
    const version = bucket.put(
      key,
      { bytes: Buffer.from(body), contentType: headers["content-type"], metadata: meta(headers) },
      "PutObject",
    );
    const answer = { etag: `"${version.etag}"`, ...versionHeader(bucket, version) };
    return { status: 200, headers: answer, body: Buffer.alloc(0) };
  },

  HeadObject(bucket, request) {
    const { versionId } = request.query;
    const found = bucket.find(request.key, versionId);
    // A HEAD has no body that could name the error.
    if (!found?.bytes) {
      const status = found && versionId !== undefined ? 405 : 404;
      return { status, headers: {}, body: Buffer.alloc(0) };
    }
    const headers = headersOf(found, found.bytes.length, request);
    return { status: 200, headers, body: Buffer.alloc(0) };
  },

  GetObject(bucket, request) {
    const { key, query, headers } = request;
    const found = bucket.find(key, query.versionId);
    if (!found?.bytes) {
      if (query.versionId === undefined) return s3Error(404, "NoSuchKey");
      return found ? s3Error(405, "MethodNotAllowed") : s3Error(404, "NoSuchVersion");
    }
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "");
    if (!range) {
      const answer = headersOf(found, found.bytes.length, request);
      return { status: 200, headers: answer, body: found.bytes };
    }
    if (Number(range[1]) >= found.bytes.length) return s3Error(416, "InvalidRange");
    const body = found.bytes.subarray(Number(range[1]), Number(range[2]) + 1);
    const { "x-amz-checksum-sha256": _, ...rest } = headersOf(found, body.length, request);
    return { status: 206, headers: rest, body };
  },

  DeleteObject(bucket, { key, query }) {
    const marker = bucket.remove(key, query.versionId);
    const headers = marker && { "x-amz-delete-marker": "true", ...versionHeader(bucket, marker) };
    return { status: 204, headers: headers ?? {}, body: Buffer.alloc(0) };
  },

  DeleteObjects(bucket, { body }) {
    for (const object of elementsIn(body.toString(), "Object")) {
      const [key = ""] = elementsIn(object, "Key");
      const [versionId] = elementsIn(object, "VersionId");
      bucket.remove(key, versionId);
    }
    return xmlAnswer("DeleteResult", "");
  },

  ListObjectVersions(bucket, { query }) {
    const limit = Number(query["max-keys"] ?? 1000);
    const all = bucket
      .keys(query.prefix)
      .flatMap((key) => bucket.versions(key).map((version, age) => ({ key, version, age })));
    const marker = query["key-marker"];
    const from =
      marker === undefined
        ? 0
        : all.findIndex(
            ({ key, version }) =>
              key === marker && version.versionId === query["version-id-marker"],
          ) + 1 || firstBehind(all, marker);
    const page = all.slice(from, from + limit);
    const last = page.at(-1);
    const more = last !== undefined && from + limit < all.length;
    const entries = page.map(({ key, version, age }) => versionElement(key, version, age === 0));
    return xmlAnswer(
      "ListVersionsResult",
      element("IsTruncated", more) +
        (more
          ? element("NextKeyMarker", last.key) +
            element("NextVersionIdMarker", last.version.versionId)
          : "") +
        entries.join(""),
    );
  },

  ListObjectsV2(bucket, { query }) {
    const limit = Number(query["max-keys"] ?? 1000);
    const after = query["continuation-token"] ?? query["start-after"] ?? "";
    const keys = bucket.keys(query.prefix).filter((key) => key > after && bucket.find(key)?.bytes);
    const page = keys.slice(0, limit);
    const more = keys.length > limit;
    const contents = page.map((key) => {
      const version = bucket.find(key);
      const date = new Date(version?.lastModified ?? 0).toISOString();
      return `<Contents>${element("Key", key)}${element("LastModified", date)}${element("ETag", `"${version?.etag}"`)}${element("Size", version?.bytes?.length)}</Contents>`;
    });
    return xmlAnswer(
      "ListBucketResult",
      element("IsTruncated", more) +
        element("KeyCount", page.length) +
        (more ? element("NextContinuationToken", page.at(-1)) : "") +
        contents.join(""),
    );
  },
};

/** What was made of a request, in a bucket that keeps versions. */
export function versionHeader({ spec }: Bucket, version: Version): Record<string, string> {
  return spec.versioned ? { "x-amz-version-id": version.versionId } : {};
}

function firstBehind(all: { key: string }[], marker: string): number {
  const found = all.findIndex(({ key }) => key > marker);
  return found === -1 ? all.length : found;
}

function versionElement(key: string, version: Version, isLatest: boolean): string {
  const kind = version.bytes ? "Version" : "DeleteMarker";
  return `<${kind}>${[
    element("Key", key),
    element("VersionId", version.versionId),
    element("IsLatest", isLatest),
    element("LastModified", new Date(version.lastModified).toISOString()),
    version.bytes ? element("ETag", `"${version.etag}"`) : "",
    version.bytes ? element("Size", version.bytes.length) : "",
  ].join("")}</${kind}>`;
}

function headersOf(
  version: Version,
  length: number,
  { headers }: S3Request,
): Record<string, string> {
  const asked = headers["x-amz-checksum-mode"] === "ENABLED";
  return {
    "content-length": String(length),
    etag: `"${version.etag}"`,
    "last-modified": new Date(version.lastModified).toUTCString(),
    "x-amz-version-id": version.versionId,
    ...(version.contentType !== undefined && { "content-type": version.contentType }),
    ...Object.fromEntries(
      Object.entries(version.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]),
    ),
    ...(asked &&
      version.sha256 !== undefined && {
        "x-amz-checksum-sha256": version.sha256,
        "x-amz-checksum-type": version.composite ? "COMPOSITE" : "FULL_OBJECT",
      }),
  };
}

export function meta(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith("x-amz-meta-") ? [[name.slice("x-amz-meta-".length), value]] : [],
    ),
  );
}
