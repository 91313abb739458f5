import type { Checksum, ChecksumAlgorithm } from "./checksums.ts";
import { noSuchUpload } from "./s3-error.ts";
import type { Store } from "./store.ts";

/** A multipart upload: open, or completed (kept so that a repeated completion can be answered). */
export interface Upload {
  upload_id: string;
  bucket: string;
  key: string;
  initiated: number;
  headers: string;
  tags: string;
  checksum_algorithm: ChecksumAlgorithm | null;
  checksum_type: Checksum["type"] | null;
  completed_parts: string | null;
  completed_version: string | null;
  completed_at: number | null;
}

export interface Part {
  part_number: number;
  blob: string;
  size: number;
  etag: string;
  checksum: string | null;
  last_modified: number;
}

/** An upload of this key, open or completed. @throws S3Error NoSuchUpload */
export function anyUpload(store: Store, bucket: string, key: string, uploadId: string): Upload {
  const upload = store.get<Upload>("SELECT * FROM uploads WHERE upload_id = ?", uploadId);
  if (!upload || upload.bucket !== bucket || upload.key !== key) throw noSuchUpload(uploadId);
  return upload;
}

/** An upload of this key that still takes parts. @throws S3Error NoSuchUpload */
export function openUpload(store: Store, bucket: string, key: string, uploadId: string): Upload {
  const upload = anyUpload(store, bucket, key, uploadId);
  if (upload.completed_at !== null) throw noSuchUpload(uploadId);
  return upload;
}

/** Forgets an upload and its parts; to be called inside of `store.commit`. */
export function removeUpload(store: Store, freed: string[], uploadId: string): void {
  const parts = store.all<{ blob: string }>(
    "DELETE FROM parts WHERE upload_id = ? RETURNING blob",
    uploadId,
  );
  freed.push(...parts.map((part) => part.blob));
  store.run("DELETE FROM uploads WHERE upload_id = ?", uploadId);
}
