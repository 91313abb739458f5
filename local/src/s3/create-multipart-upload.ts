import { randomBytes } from "node:crypto";
import { type Checksum, checksumAlgorithm } from "./checksums.ts";
import { assertKey, OBJECT_HEADERS, storedHeaders, taggingHeader } from "./object-headers.ts";
import { BODY_HEADERS, type Operation } from "./operation.ts";
import { receiveText } from "./receive.ts";
import { invalidRequest } from "./s3-error.ts";
import { writeXml } from "./xml.ts";

export const createMultipartUpload: Operation = {
  name: "CreateMultipartUpload",
  method: "POST",
  on: "object",
  select: ["uploads"],
  headers: [...BODY_HEADERS, ...OBJECT_HEADERS, "x-amz-checksum-algorithm", "x-amz-checksum-type"],
  async run(call) {
    const { store, bucket, key } = call;
    assertKey(key);
    await receiveText(call);
    const headers = storedHeaders(call.headers);
    const tags = taggingHeader(call.headers);
    const requested = call.headers.get("x-amz-checksum-algorithm");
    const algorithm = requested === undefined ? null : checksumAlgorithm(requested);
    const type = checksumType(algorithm, call.headers.get("x-amz-checksum-type")?.toUpperCase());
    const uploadId = randomBytes(48).toString("base64url");
    store.run(
      `INSERT INTO uploads (upload_id, bucket, key, initiated, headers, tags, checksum_algorithm, checksum_type)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      uploadId,
      bucket,
      key,
      store.now(),
      JSON.stringify(headers),
      JSON.stringify(tags),
      algorithm,
      type,
    );
    return {
      headers: {
        "x-amz-checksum-algorithm": algorithm ?? undefined,
        "x-amz-checksum-type": type ?? undefined,
        "x-amz-server-side-encryption": "AES256",
      },
      body: writeXml("InitiateMultipartUploadResult", {
        Bucket: bucket,
        Key: key,
        UploadId: uploadId,
      }),
    };
  },
};

function checksumType(
  algorithm: string | null,
  requested: string | undefined,
): Checksum["type"] | null {
  if (algorithm === null) {
    if (requested === undefined) return null;
    throw invalidRequest(
      "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
    );
  }
  if (requested === undefined || requested === "COMPOSITE") return "COMPOSITE";
  if (requested !== "FULL_OBJECT")
    throw invalidRequest("Value for x-amz-checksum-type header is invalid.");
  // Only a CRC of the whole follows from the CRCs of its parts.
  if (algorithm !== "CRC32") {
    throw invalidRequest(
      `The FULL_OBJECT checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return "FULL_OBJECT";
}
