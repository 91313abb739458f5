import { createHash } from "node:crypto";
import { type Bucket, md5, type Part } from "./bucket.ts";
import { meta, versionHeader } from "./objects.ts";
import {
  EMPTY,
  element,
  elementsIn,
  type S3Answer,
  type S3Request,
  s3Error,
  xmlAnswer,
} from "./request.ts";

/** Bytes: every part but the last has at least so many. */
const LEAST_PART = 5 * 1024 ** 2;

/** The operations of multipart uploads. */
export const multipartActions: Record<
  string,
  (bucket: Bucket, request: S3Request, world: { id: () => string; now: () => number }) => S3Answer
> = {
  CreateMultipartUpload(bucket, { key, headers }, { id, now }) {
    const uploadId = id();
    bucket.uploads.set(uploadId, {
      uploadId,
      key,
      contentType: headers["content-type"],
      metadata: meta(headers),
      checksums: headers["x-amz-checksum-algorithm"] === "SHA256",
      begun: now(),
      parts: new Map(),
    });
    return xmlAnswer(
      "InitiateMultipartUploadResult",
      element("Bucket", bucket.spec.name) + element("Key", key) + element("UploadId", uploadId),
    );
  },

  UploadPart(bucket, { key, query, headers, body }) {
    const upload = uploadOf(bucket, key, query);
    if (!upload) return s3Error(404, "NoSuchUpload");
    const sha256 = headers["x-amz-checksum-sha256"];
    if (upload.checksums && sha256 === undefined) return s3Error(400, "InvalidRequest");
    if (sha256 !== undefined && sha256 !== sha256Of(body)) return s3Error(400, "BadDigest");
    const partNumber = Number(query.partNumber);
    const part: Part = { partNumber, bytes: Buffer.from(body), etag: md5(body), sha256 };
    upload.parts.set(partNumber, part);
    return { status: 200, headers: { etag: `"${part.etag}"` }, body: Buffer.alloc(0) };
  },

  ListParts(bucket, { key, query }) {
    const upload = uploadOf(bucket, key, query);
    if (!upload) return s3Error(404, "NoSuchUpload");
    const after = Number(query["part-number-marker"] ?? 0);
    const limit = Number(query["max-parts"] ?? 1000);
    const parts = [...upload.parts.values()]
      .sort((a, b) => a.partNumber - b.partNumber)
      .filter(({ partNumber }) => partNumber > after);
    const page = parts.slice(0, limit);
    const more = parts.length > limit;
    return xmlAnswer(
      "ListPartsResult",
      element("IsTruncated", more) +
        (more ? element("NextPartNumberMarker", page.at(-1)?.partNumber) : "") +
        page
          .map(
            (part) =>
              `<Part>${element("PartNumber", part.partNumber)}${element("ETag", `"${part.etag}"`)}${element("Size", part.bytes.length)}${element("ChecksumSHA256", part.sha256)}</Part>`,
          )
          .join(""),
    );
  },

  CompleteMultipartUpload(bucket, { key, query, headers, body }) {
    const upload = uploadOf(bucket, key, query);
    if (!upload) return s3Error(404, "NoSuchUpload");
    const named = elementsIn(body.toString(), "Part").map((part) => ({
      partNumber: Number(elementsIn(part, "PartNumber")[0]),
      etag: (elementsIn(part, "ETag")[0] ?? "").replaceAll('"', ""),
    }));
    const parts = named.map(({ partNumber, etag }) => {
      const part = upload.parts.get(partNumber);
      return part?.etag === etag ? part : undefined;
    });
    if (!parts.every((part) => part !== undefined)) return s3Error(400, "InvalidPart");
    if (parts.slice(0, -1).some(({ bytes }) => bytes.length < LEAST_PART)) {
      return s3Error(400, "EntityTooSmall");
    }
    const bytes = Buffer.concat(parts.map((part) => part.bytes));
    const announced = headers["x-amz-mp-object-size"];
    if (announced !== undefined && Number(announced) !== bytes.length) {
      return s3Error(400, "InvalidRequest");
    }
    bucket.uploads.delete(upload.uploadId);
    const version = bucket.put(
      key,
      {
        bytes,
        contentType: upload.contentType,
        metadata: upload.metadata,
        etag: `${md5(Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, "hex"))))}-${parts.length}`,
        at: upload.begun,
        ...(upload.checksums && { sha256: compositeOf(parts), composite: true }),
      },
      "CompleteMultipartUpload",
    );
    const answer = xmlAnswer("CompleteMultipartUploadResult", element("Key", key));
    return { ...answer, headers: { ...answer.headers, ...versionHeader(bucket, version) } };
  },

  AbortMultipartUpload(bucket, { key, query }) {
    const upload = uploadOf(bucket, key, query);
    if (!upload) return s3Error(404, "NoSuchUpload");
    bucket.uploads.delete(upload.uploadId);
    return EMPTY;
  },

  ListMultipartUploads(bucket) {
    const uploads = [...bucket.uploads.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    return xmlAnswer(
      "ListMultipartUploadsResult",
      element("IsTruncated", false) +
        uploads
          .map(
            ({ key, uploadId, begun }) =>
              `<Upload>${element("Key", key)}${element("UploadId", uploadId)}${element("Initiated", new Date(begun).toISOString())}</Upload>`,
          )
          .join(""),
    );
  },
};

function uploadOf(bucket: Bucket, key: string, query: Record<string, string>) {
  const upload = bucket.uploads.get(query.uploadId ?? "");
  return upload?.key === key ? upload : undefined;
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}

function compositeOf(parts: Part[]): string {
  const digests = parts.map(({ sha256 = "" }) => Buffer.from(sha256, "base64"));
  return `${sha256Of(Buffer.concat(digests))}-${parts.length}`;
}
