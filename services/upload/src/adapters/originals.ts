import { createHash } from "node:crypto";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { Cursor } from "@shoebox/shared/reconcile/check";
import { fileTypeFromBuffer } from "file-type";
import type { ArrivedObject } from "../domain/decide-arrival.ts";
import { type Scan, scanOf } from "../domain/scan.ts";

/** Bytes that are enough to tell what a file is (file-type's own recommendation). */
const HEAD_BYTES = 4100;

/** GuardDuty's own; nobody else may tag an original, for no form and no part of ours carries tags. */
const SCAN_TAG = "GuardDutyMalwareScanStatus";

export interface Originals {
  bucket: string;
  /** What one version is; undefined when it is not there. Reads its first bytes, never the whole. */
  inspect(key: string, versionId: string): Promise<ArrivedObject | undefined>;
  /** What the malware scanner noted on a version; awaited when it did not yet, or when the version is gone. */
  scan(key: string, versionId: string): Promise<Scan>;
  /** The SHA-256 (base64) of a version's bytes, read as a stream; undefined when it is not there. */
  digest(key: string, versionId: string): Promise<string | undefined>;
  /** The ids of all versions of exactly this key that are objects, not delete markers; the newest first. */
  versions(key: string): Promise<string[]>;
  exists(key: string, versionId: string): Promise<boolean>;
  /** All versions of all originals that are objects, by key, a page. */
  listAll(cursor: Cursor | undefined): Promise<{ versions: StoredVersion[]; next?: Cursor }>;
  /** Deletes one version for good; one that is gone already is a success. */
  discard(key: string, versionId: string): Promise<void>;
  /** Deletes every version and every delete marker of exactly this key. */
  deleteAll(key: string): Promise<void>;
}

interface StoredVersion {
  key: string;
  versionId: string;
  /** Milliseconds. */
  storedAt: number;
}

/** The bucket of originals. It must be versioned: what was verified is pinned by its version. */
export function createOriginals(client: S3Client, bucket: string): Originals {
  async function firstBytes(key: string, versionId: string): Promise<Uint8Array> {
    try {
      const { Body } = await client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          VersionId: versionId,
          Range: `bytes=0-${HEAD_BYTES - 1}`,
        }),
      );
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    } catch (error) {
      // An empty object has no first byte.
      if (hasStatus(error, 416)) return new Uint8Array();
      throw error;
    }
  }

  async function deleteVersions(key: string, versions: { VersionId?: string }[]): Promise<void> {
    if (versions.length === 0) return;
    const Objects = versions.map(({ VersionId }) => ({ Key: key, VersionId }));
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first) {
      throw new Error(
        `${Errors.length} versions of ${key} could not be deleted: ${first.Code} ${first.Message}`,
      );
    }
  }

  return {
    bucket,

    async inspect(key, versionId) {
      try {
        const [head, bytes] = await Promise.all([
          client.send(
            new HeadObjectCommand({
              Bucket: bucket,
              Key: key,
              VersionId: versionId,
              ChecksumMode: "ENABLED",
            }),
          ),
          firstBytes(key, versionId),
        ]);
        return {
          arrivedAt: head.LastModified?.getTime() ?? Number.POSITIVE_INFINITY,
          size: head.ContentLength ?? 0,
          contentType: head.ContentType,
          // A composite one is the checksum of the parts' checksums: it says nothing of the whole.
          sha256: head.ChecksumType === "COMPOSITE" ? undefined : head.ChecksumSHA256,
          detectedType: (await fileTypeFromBuffer(bytes))?.mime,
        };
      } catch (error) {
        if (hasStatus(error, 404)) return undefined;
        throw error;
      }
    },

    async scan(key, versionId) {
      try {
        const { TagSet = [] } = await client.send(
          new GetObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
        );
        return scanOf(TagSet.find(({ Key }) => Key === SCAN_TAG)?.Value);
      } catch (error) {
        if (hasStatus(error, 404)) return "awaited";
        throw error;
      }
    },

    async digest(key, versionId) {
      try {
        const { Body } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
        );
        const hash = createHash("sha256");
        for await (const chunk of Body as AsyncIterable<Buffer<ArrayBuffer>>) {
          hash.update(chunk);
          free(chunk);
        }
        return hash.digest("base64");
      } catch (error) {
        if (hasStatus(error, 404)) return undefined;
        throw error;
      }
    },

    async versions(key) {
      // Keys end in a random id, so hardly another begins with this one: a page has all that matters.
      const { Versions = [] } = await client.send(
        new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }),
      );
      return Versions.flatMap(({ Key, VersionId }) =>
        Key === key && VersionId !== undefined ? [VersionId] : [],
      );
    },

    async exists(key, versionId) {
      try {
        const head = new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
        await client.send(head);
        return true;
      } catch (error) {
        // A delete marker is no original either; S3 answers 405 for it.
        if (hasStatus(error, 404) || hasStatus(error, 405)) return false;
        throw error;
      }
    },

    async listAll(cursor) {
      const page = await client.send(
        new ListObjectVersionsCommand({
          Bucket: bucket,
          KeyMarker: cursor?.key as string | undefined,
          VersionIdMarker: cursor?.versionId as string | undefined,
        }),
      );
      const versions = (page.Versions ?? []).flatMap(({ Key, VersionId, LastModified }) =>
        Key !== undefined && VersionId !== undefined && LastModified
          ? [{ key: Key, versionId: VersionId, storedAt: LastModified.getTime() }]
          : [],
      );
      if (!page.IsTruncated) return { versions };
      return { versions, next: { key: page.NextKeyMarker, versionId: page.NextVersionIdMarker } };
    },

    async discard(key, versionId) {
      await client.send(
        new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }),
      );
    },

    async deleteAll(key) {
      // Among the keys that begin with it a key comes first: the first page, asked for until it
      // has none of this key's versions, needs no marker that its own deletion has removed.
      for (let more = true; more; ) {
        const page = await client.send(
          new ListObjectVersionsCommand({ Bucket: bucket, Prefix: key }),
        );
        const { Versions = [], DeleteMarkers = [], IsTruncated = false } = page;
        const own = [...Versions, ...DeleteMarkers].filter((version) => version.Key === key);
        await deleteVersions(key, own);
        more = IsTruncated && own.length > 0;
      }
    },
  };
}

/**
 * Gives a chunk's memory back at once: the garbage collector lets tens of megabytes of such small
 * buffers gather before it looks at them. One that shares its memory with others is left to it.
 */
function free(chunk: Buffer<ArrayBuffer>): void {
  if (chunk.byteLength === chunk.buffer.byteLength) chunk.buffer.transfer(0);
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
}
