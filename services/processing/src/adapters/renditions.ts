import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { renditionPrefix } from "@shoebox/shared/image";
import type { Cursor } from "@shoebox/shared/reconcile/check";
import type { RenditionStore } from "../pipeline/ports.ts";

/** The bucket of processed pictures. It is not versioned: what is deleted is gone. */
export function createRenditionStore(client: S3Client, bucket: string): RenditionStore {
  return {
    async put({ key, body, contentType, correlationId }) {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentType: contentType,
          // The key holds the random image id and is never written with other content.
          CacheControl: "public, max-age=31536000, immutable",
          Metadata: { "correlation-id": correlationId },
        }),
      );
    },

    async removeAll(imageId) {
      const prefix = renditionPrefix(imageId);
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
        );
        await removePage(
          client,
          bucket,
          (page.Contents ?? []).flatMap(({ Key }) => Key ?? []),
        );
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
  };
}

/** What reconciliation asks of the bucket. */
export interface RenditionInventory {
  /** All renditions of all images, by key, a page. */
  listAll(cursor: Cursor | undefined): Promise<{ objects: StoredRendition[]; next?: Cursor }>;
  keysOf(imageId: string): Promise<string[]>;
  /** At most a page's keys. */
  remove(keys: string[]): Promise<void>;
}

interface StoredRendition {
  key: string;
  imageId: string;
  /** Milliseconds. */
  storedAt: number;
}

export function createRenditionInventory(client: S3Client, bucket: string): RenditionInventory {
  return {
    async listAll(cursor) {
      const page = await client.send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: "renditions/",
          ContinuationToken: cursor?.token as string | undefined,
        }),
      );
      const objects = (page.Contents ?? []).flatMap(({ Key, LastModified }) => {
        const imageId = Key?.split("/")[1];
        if (Key === undefined || imageId === undefined || !LastModified) return [];
        return [{ key: Key, imageId, storedAt: LastModified.getTime() }];
      });
      if (!page.NextContinuationToken) return { objects };
      return { objects, next: { token: page.NextContinuationToken } };
    },

    async keysOf(imageId) {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: renditionPrefix(imageId) }),
      );
      return (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
    },

    remove: (keys) => removePage(client, bucket, keys),
  };
}

/** A page of a listing has at most 1000 keys, which is what DeleteObjects takes. */
async function removePage(client: S3Client, bucket: string, keys: string[]): Promise<void> {
  if (keys.length === 0) return;
  const answer = await client.send(
    new DeleteObjectsCommand({
      Bucket: bucket,
      Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true },
    }),
  );
  const [failed] = answer.Errors ?? [];
  if (failed) throw new Error(`S3 did not delete ${failed.Key}: ${failed.Code}`);
}
