import { createHash } from "node:crypto";

/** One version of an object, or a delete marker. */
export interface Version {
  versionId: string;
  /** Undefined: a delete marker. */
  bytes: Buffer | undefined;
  etag: string;
  contentType: string | undefined;
  metadata: Record<string, string>;
  /** Base64, where it was asked for when the object was sent. */
  sha256: string | undefined;
  composite: boolean;
  /** Milliseconds, on a full second. */
  lastModified: number;
}

export interface Part {
  partNumber: number;
  bytes: Buffer;
  etag: string;
  sha256: string | undefined;
}

export interface MultipartUpload {
  uploadId: string;
  key: string;
  contentType: string | undefined;
  metadata: Record<string, string>;
  checksums: boolean;
  begun: number;
  parts: Map<number, Part>;
}

export interface NewObject {
  bytes: Buffer;
  contentType: string | undefined;
  metadata?: Record<string, string>;
  sha256?: string;
  composite?: boolean;
  etag?: string;
  /** Milliseconds; an object made of parts is dated at the beginning of its upload. */
  at?: number;
}

export interface BucketSpec {
  name: string;
  versioned: boolean;
  /** Days after which the lifecycle ends a multipart upload; undefined: never. */
  abortMultipartAfter: number | undefined;
}

export interface ObjectCreated {
  key: string;
  version: Version;
  reason: string;
}

/** One bucket, consistent for every reader. */
export interface Bucket {
  spec: BucketSpec;
  uploads: Map<string, MultipartUpload>;
  put(key: string, object: NewObject, reason: string): Version;
  /** All versions of a key, the newest first. */
  versions(key: string): Version[];
  /** The version with this id, or the current one. */
  find(key: string, versionId?: string): Version | undefined;
  /** Takes away one version for good, or (without an id) puts a delete marker before them, and answers it. */
  remove(key: string, versionId?: string): Version | undefined;
  /** All keys that have a version, in order. */
  keys(prefix?: string): string[];
}

export function createBucket(
  spec: BucketSpec,
  world: { now: () => number; id: () => string; created: (object: ObjectCreated) => void },
): Bucket {
  const objects = new Map<string, Version[]>();

  const bucket: Bucket = {
    spec,
    uploads: new Map(),
    put(key, object, reason) {
      const version: Version = {
        versionId: spec.versioned ? world.id() : "null",
        bytes: object.bytes,
        etag: object.etag ?? md5(object.bytes),
        contentType: object.contentType,
        metadata: object.metadata ?? {},
        sha256: object.sha256,
        composite: object.composite ?? false,
        lastModified: Math.floor((object.at ?? world.now()) / 1000) * 1000,
      };
      objects.set(key, [version, ...(spec.versioned ? bucket.versions(key) : [])]);
      world.created({ key, version, reason });
      return version;
    },
    versions: (key) => objects.get(key) ?? [],
    find(key, versionId) {
      const versions = bucket.versions(key);
      if (versionId === undefined) return versions[0];
      return versions.find((version) => version.versionId === versionId);
    },
    remove(key, versionId) {
      const versions = bucket.versions(key);
      if (versionId !== undefined || !spec.versioned) {
        const rest = versions.filter((version) => version.versionId !== (versionId ?? "null"));
        if (rest.length > 0) objects.set(key, rest);
        else objects.delete(key);
        return undefined;
      }
      const marker: Version = {
        versionId: world.id(),
        bytes: undefined,
        etag: "",
        contentType: undefined,
        metadata: {},
        sha256: undefined,
        composite: false,
        lastModified: Math.floor(world.now() / 1000) * 1000,
      };
      objects.set(key, [marker, ...versions]);
      return marker;
    },
    keys: (prefix = "") => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
  };
  return bucket;
}

export function md5(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("hex");
}
