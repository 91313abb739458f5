import { newImageId } from "@shoebox/shared/ids";
import { keyOf, multipartExpiry, type Upload } from "./domain/session.ts";
import type { Uploads } from "./upload.testkit.ts";

/** Bytes: the least that S3 takes as a part which is not the last. */
export const SMALL_PART = 5 * 1024 ** 2;

/**
 * Begins a multipart upload of Ann's that is smaller than those of the API, so that tests need not
 * send a hundred megabytes: parts of 5 MiB, and otherwise as the API would.
 */
export async function beginMultipart(
  { deps }: Uploads,
  announced: { size: number; sha256?: string; checksums?: boolean; expiresAt?: number },
) {
  const now = deps.now();
  const { checksums = false, size, sha256 } = announced;
  const upload: Upload = {
    ownerId: "ann",
    imageId: newImageId(now),
    contentType: "image/jpeg",
    size,
    sha256,
    tags: [],
    visibility: "private",
    expiresAt: announced.expiresAt ?? multipartExpiry(now),
    correlationId: "request-1",
  };
  const key = keyOf(upload);
  const uploadId = await deps.multipartUploads.begin({
    key,
    contentType: upload.contentType,
    checksums,
    correlationId: upload.correlationId,
  });
  const multipart = { uploadId, partSize: SMALL_PART, checksums };
  await deps.sessions.open([{ ...upload, multipart }], deps.quota);
  return { ...upload, multipart, key };
}

/** What is sent as one part. */
export function partOf(bytes: Uint8Array, partNumber: number): Buffer<ArrayBuffer> {
  return Buffer.from(bytes.subarray((partNumber - 1) * SMALL_PART, partNumber * SMALL_PART));
}

/** Asks for the URLs of these parts, PUTs them, and answers what a completion names. */
export async function sendParts(
  uploads: Uploads,
  imageId: string,
  bytes: Uint8Array,
  partNumbers: number[],
): Promise<{ partNumber: number; etag: string }[]> {
  const { body } = await uploads.call("ann", "POST", `/v1/uploads/${imageId}/parts`, {
    partNumbers,
  });
  const sent = [];
  for (const { partNumber, url } of body.urls) {
    const response = await fetch(url, { method: "PUT", body: partOf(bytes, partNumber) });
    if (!response.ok) throw new Error(`Part ${partNumber}: ${await response.text()}`);
    sent.push({ partNumber, etag: response.headers.get("etag") ?? "" });
  }
  return sent;
}
