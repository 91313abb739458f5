import { quoted } from "./object-headers.ts";
import type { Operation } from "./operation.ts";
import { invalidArgument } from "./s3-error.ts";
import { openUpload, type Part } from "./uploads.ts";
import { writeXml } from "./xml.ts";

const OWNER = { ID: "000000000000", DisplayName: "local" };

export const listParts: Operation = {
  name: "ListParts",
  method: "GET",
  on: "object",
  select: ["uploadId"],
  query: ["max-parts", "part-number-marker"],
  run({ store, bucket, key, query }) {
    const upload = openUpload(store, bucket, key, query.get("uploadId") ?? "");
    const maxParts = Math.min(integer(query, "max-parts", 1000), 1000);
    const marker = integer(query, "part-number-marker", 0);
    const parts = store.all<Part>(
      "SELECT * FROM parts WHERE upload_id = ? AND part_number > ? ORDER BY part_number LIMIT ?",
      upload.upload_id,
      marker,
      maxParts + 1,
    );
    const page = parts.slice(0, maxParts);
    return {
      body: writeXml("ListPartsResult", {
        Bucket: bucket,
        Key: key,
        UploadId: upload.upload_id,
        Initiator: OWNER,
        Owner: OWNER,
        StorageClass: JSON.parse(upload.headers)["x-amz-storage-class"] ?? "STANDARD",
        PartNumberMarker: marker,
        NextPartNumberMarker: page.at(-1)?.part_number ?? 0,
        MaxParts: maxParts,
        IsTruncated: parts.length > maxParts && maxParts > 0,
        ChecksumAlgorithm: upload.checksum_algorithm ?? undefined,
        ChecksumType: upload.checksum_type ?? undefined,
        Part: page.map((part) => ({
          PartNumber: part.part_number,
          LastModified: new Date(part.last_modified).toISOString(),
          ETag: quoted(part.etag),
          [`Checksum${upload.checksum_algorithm ?? ""}`]: part.checksum ?? undefined,
          Size: part.size,
        })),
      }),
    };
  },
};

function integer(query: ReadonlyMap<string, string>, name: string, fallback: number): number {
  const value = query.get(name);
  if (value === undefined) return fallback;
  if (!/^\d{1,9}$/.test(value)) {
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, value);
  }
  return Number(value);
}
