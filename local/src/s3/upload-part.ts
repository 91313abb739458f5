import { checksumHeader, checksumTypeMismatch } from "./checksums.ts";
import { quoted } from "./object-headers.ts";
import { BODY_HEADERS, type Operation } from "./operation.ts";
import { receiveBlob } from "./receive.ts";
import { invalidArgument } from "./s3-error.ts";
import { openUpload, type Upload } from "./uploads.ts";

export const uploadPart: Operation = {
  name: "UploadPart",
  method: "PUT",
  on: "object",
  select: ["uploadId", "partNumber"],
  headers: BODY_HEADERS,
  async run(call) {
    const { store, bucket, key, query } = call;
    const uploadId = query.get("uploadId") ?? "";
    const partNumber = Number(query.get("partNumber"));
    if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > 10_000) {
      throw invalidArgument(
        "Part number must be an integer between 1 and 10000, inclusive",
        "partNumber",
        query.get("partNumber"),
      );
    }
    const upload = openUpload(store, bucket, key, uploadId);
    assertChecksumFits(upload, call.headers);
    const { blob, digests } = await receiveBlob(call, upload.checksum_algorithm ?? undefined);
    try {
      store.commit((freed) => {
        // The upload may have been completed or aborted while this part was on its way.
        openUpload(store, bucket, key, uploadId);
        const replaced = store.get<{ blob: string }>(
          "DELETE FROM parts WHERE upload_id = ? AND part_number = ? RETURNING blob",
          uploadId,
          partNumber,
        );
        if (replaced) freed.push(replaced.blob);
        store.run(
          "INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?, ?)",
          uploadId,
          partNumber,
          blob.id,
          blob.size,
          digests.md5,
          upload.checksum_algorithm === null ? null : (digests.checksum?.value ?? null),
          store.now(),
        );
      });
    } catch (error) {
      await store.blobs.remove(blob.id);
      throw error;
    }
    const { checksum } = digests;
    return {
      headers: {
        etag: quoted(digests.md5),
        ...(checksum ? { [checksumHeader(checksum.algorithm)]: checksum.value } : {}),
        "x-amz-server-side-encryption": "AES256",
      },
    };
  },
};

// A part has to carry the checksum that its upload was created with. An upload without an algorithm
// takes parts with any: they are verified, and not kept.
function assertChecksumFits(upload: Upload, headers: ReadonlyMap<string, string>): void {
  if (upload.checksum_algorithm === null) return;
  const names = [...headers.keys(), headers.get("x-amz-trailer")?.trim().toLowerCase() ?? ""];
  const actual = names.flatMap((name) => /^x-amz-checksum-(\w+)$/.exec(name)?.[1] ?? [])[0];
  if (actual === undefined && upload.checksum_type === "FULL_OBJECT") return;
  if (actual !== upload.checksum_algorithm.toLowerCase()) {
    throw checksumTypeMismatch(upload.checksum_algorithm, actual);
  }
}
