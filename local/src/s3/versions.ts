import { randomBytes } from "node:crypto";
import type { Blob } from "./blobs.ts";
import type { Checksum } from "./checksums.ts";
import { type Cause, recordEvent } from "./events.ts";
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

export interface NewObject {
  bucket: string;
  key: string;
  blobs: Blob[];
  etag: string;
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

/**
 * Stores a new version and its event; to be called inside of `store.commit`. The blobs belong to
 * the object from then on.
 */
export function insertObject(
  store: Store,
  freed: string[],
  object: NewObject,
  cause: Cause,
): ObjectVersion {
  const size = object.blobs.reduce((sum, blob) => sum + blob.size, 0);
  const version = insertVersion(store, freed, { ...object, size, deleteMarker: false });
  object.blobs.forEach((blob, position) => {
    store.run(
      "INSERT INTO segments VALUES (?, ?, ?, ?)",
      version.seq,
      position,
      blob.id,
      blob.size,
    );
  });
  recordEvent(store, { detailType: "Object Created", version, sequence: version.seq, cause });
  return version;
}

/**
 * DeleteObject without a version: a delete marker in a versioned bucket, otherwise the object
 * itself goes. Answers the delete marker, if one was made.
 */
export function deleteLatest(
  store: Store,
  freed: string[],
  bucket: string,
  key: string,
  cause: Cause,
): ObjectVersion | undefined {
  if (versioningOf(store, bucket) === "") {
    deleteVersion(store, freed, bucket, key, NULL_VERSION, cause);
    return undefined;
  }
  const marker = insertVersion(store, freed, {
    bucket,
    key,
    size: 0,
    etag: "d41d8cd98f00b204e9800998ecf8427e",
    headers: {},
    checksum: undefined,
    tags: [],
    deleteMarker: true,
  });
  recordEvent(store, {
    detailType: "Object Deleted",
    deletionType: "Delete Marker Created",
    version: marker,
    sequence: marker.seq,
    cause,
  });
  return marker;
}

/** Removes one version for good. Answers what was removed; nothing is not an error. */
export function deleteVersion(
  store: Store,
  freed: string[],
  bucket: string,
  key: string,
  versionId: string,
  cause: Cause,
): ObjectVersion | undefined {
  const version = exactVersion(store, bucket, key, versionId);
  if (!version) return undefined;
  dropRow(store, freed, version);
  if (version.isLatest) {
    store.run(
      `UPDATE versions SET is_latest = 1 WHERE seq =
        (SELECT seq FROM versions WHERE bucket = ? AND key = ? ORDER BY seq DESC LIMIT 1)`,
      bucket,
      key,
    );
  }
  recordEvent(store, {
    detailType: "Object Deleted",
    deletionType: "Permanently Deleted",
    version,
    sequence: store.nextSequence(),
    cause,
  });
  return version;
}

function insertVersion(
  store: Store,
  freed: string[],
  fields: Omit<NewObject, "blobs"> & { size: number; deleteMarker: boolean },
): ObjectVersion {
  const { bucket, key } = fields;
  const enabled = versioningOf(store, bucket) === "Enabled";
  const versionId = enabled ? randomBytes(24).toString("base64url") : NULL_VERSION;
  if (!enabled) {
    const replaced = exactVersion(store, bucket, key, NULL_VERSION);
    if (replaced) dropRow(store, freed, replaced);
  }
  store.run(
    "UPDATE versions SET is_latest = 0 WHERE bucket = ? AND key = ? AND is_latest = 1",
    bucket,
    key,
  );
  const version: ObjectVersion = {
    seq: store.nextSequence(),
    bucket,
    key,
    versionId,
    isLatest: true,
    deleteMarker: fields.deleteMarker,
    size: fields.size,
    etag: fields.etag,
    lastModified: store.now(),
    headers: fields.headers,
    checksum: fields.checksum,
    tags: fields.tags,
  };
  store.run(
    "INSERT INTO versions VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)",
    version.seq,
    bucket,
    key,
    versionId,
    version.deleteMarker ? 1 : 0,
    version.size,
    version.etag,
    version.lastModified,
    JSON.stringify(version.headers),
    version.checksum ? JSON.stringify(version.checksum) : null,
    JSON.stringify(version.tags),
  );
  return version;
}

function dropRow(store: Store, freed: string[], version: ObjectVersion): void {
  freed.push(...blobsOf(store, version).map((blob) => blob.id));
  store.run("DELETE FROM segments WHERE seq = ?", version.seq);
  store.run("DELETE FROM versions WHERE seq = ?", version.seq);
}
