import type { Blob } from "./blobs.ts";
import type { Checksum } from "./checksums.ts";
import { invalidArgument, noSuchKey, S3Error } from "./s3-error.ts";
import type { Store } from "./store.ts";

export type Tags = [key: string, value: string][];

/** One version of an object, or a delete marker. Times are milliseconds. */
export interface ObjectVersion {
  seq: number;
  bucket: string;
  key: string;
  /** `null` (the word) for a version made while versioning was not enabled. */
  versionId: string;
  isLatest: boolean;
  deleteMarker: boolean;
  size: number;
  /** Without quotes. */
  etag: string;
  lastModified: number;
  /** The response headers that were stored with it, x-amz-meta-* included. */
  headers: Record<string, string>;
  checksum: Checksum | undefined;
  tags: Tags;
}

export const NULL_VERSION = "null";

export interface VersionRow {
  seq: number;
  bucket: string;
  key: string;
  version_id: string;
  is_latest: number;
  delete_marker: number;
  size: number;
  etag: string;
  last_modified: number;
  headers: string;
  checksum: string | null;
  tags: string;
}

export const fromRow = (row: VersionRow): ObjectVersion => ({
  seq: row.seq,
  bucket: row.bucket,
  key: row.key,
  versionId: row.version_id,
  isLatest: row.is_latest === 1,
  deleteMarker: row.delete_marker === 1,
  size: row.size,
  etag: row.etag,
  lastModified: row.last_modified,
  headers: JSON.parse(row.headers),
  checksum: row.checksum === null ? undefined : JSON.parse(row.checksum),
  tags: JSON.parse(row.tags),
});

export type Versioning = "" | "Enabled" | "Suspended";

export const versioningOf = (store: Store, bucket: string) =>
  store.get<{ versioning: Versioning }>("SELECT versioning FROM buckets WHERE name = ?", bucket)
    ?.versioning ?? "";

/** The newest version of a key, which may be a delete marker. */
export function latestVersion(store: Store, bucket: string, key: string) {
  const row = store.get<VersionRow>(
    "SELECT * FROM versions WHERE bucket = ? AND key = ? AND is_latest = 1",
    bucket,
    key,
  );
  return row && fromRow(row);
}

export function exactVersion(store: Store, bucket: string, key: string, versionId: string) {
  const row = store.get<VersionRow>(
    "SELECT * FROM versions WHERE bucket = ? AND key = ? AND version_id = ?",
    bucket,
    key,
    versionId,
  );
  return row && fromRow(row);
}

/**
 * The version a reader asks for.
 *
 * @throws S3Error NoSuchKey, NoSuchVersion, MethodNotAllowed (a delete marker asked for by its id)
 */
export function readableVersion(
  store: Store,
  bucket: string,
  key: string,
  versionId: string | undefined,
): ObjectVersion {
  if (versionId === undefined) {
    const version = latestVersion(store, bucket, key);
    if (!version) throw noSuchKey(key);
    if (version.deleteMarker) {
      throw noSuchKey(key, {
        "x-amz-delete-marker": "true",
        "x-amz-version-id": version.versionId,
      });
    }
    return version;
  }
  assertVersionId(versionId);
  const version = exactVersion(store, bucket, key, versionId);
  if (!version) {
    throw new S3Error(404, "NoSuchVersion", "The specified version does not exist.", {
      Key: key,
      VersionId: versionId,
    });
  }
  if (version.deleteMarker) {
    throw new S3Error(
      405,
      "MethodNotAllowed",
      "The specified method is not allowed against this resource.",
      { ResourceType: "DeleteMarker" },
      {
        "x-amz-delete-marker": "true",
        "x-amz-version-id": versionId,
        allow: "DELETE",
        "last-modified": new Date(version.lastModified).toUTCString(),
      },
    );
  }
  return version;
}

export function assertVersionId(versionId: string): void {
  if (versionId !== NULL_VERSION && !/^[\w.-]{32}$/.test(versionId)) {
    throw invalidArgument("Invalid version id specified", "versionId", versionId);
  }
}

export const blobsOf = (store: Store, version: ObjectVersion) =>
  store.all<Blob>(
    "SELECT blob AS id, size FROM segments WHERE seq = ? ORDER BY position",
    version.seq,
  );
