import { randomBytes } from "node:crypto";
import type { Blob } from "./blobs.ts";
import type { Checksum } from "./checksums.ts";
import { type Cause, recordEvent } from "./events.ts";
import type { Store } from "./store.ts";
import {
  blobsOf,
  exactVersion,
  NULL_VERSION,
  type ObjectVersion,
  type Tags,
  versioningOf,
} from "./versions.ts";

export interface NewObject {
  bucket: string;
  key: string;
  blobs: Blob[];
  etag: string;
  headers: Record<string, string>;
  checksum: Checksum | undefined;
  tags: Tags;
}

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
