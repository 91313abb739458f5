import { latestArrival, type SessionRef, type Upload } from "../domain/session.ts";

/** Shards of the index of open sessions: a single key would take a thousand writes a second for all users together. */
export const SHARDS = 16;

const OWNER = "userId#";
const IMAGE = "imageId#";

export function sessionKey(ref: SessionRef): { PK: string; SK: string } {
  return { PK: OWNER + ref.ownerId, SK: IMAGE + ref.imageId };
}

/** Whose session an item of the index is. */
export function refOf(item: Record<string, unknown>): SessionRef {
  return {
    ownerId: String(item.PK).slice(OWNER.length),
    imageId: String(item.SK).slice(IMAGE.length),
  };
}

/** The table also holds idempotency records, quotas, content items and Uppy endpoints. */
export function isSession(item: Record<string, unknown>): boolean {
  return String(item.PK).startsWith(OWNER) && String(item.SK).startsWith(IMAGE);
}

/** A session as it begins. `openShard` and `dueAt` put it into the index of open sessions until somebody need not look after it any more. */
export function openItem(upload: Upload): Record<string, unknown> {
  return {
    ...sessionKey(upload),
    ...upload,
    status: "awaiting",
    openShard: openShard(shardOf(upload.imageId)),
    dueAt: new Date(latestArrival(upload)).toISOString(),
  };
}

/** The index key of the open sessions of one shard. */
export function openShard(shard: number): string {
  return `open#${shard}`;
}

/** The index key of the uploads of one shard whose processing was not heard to have ended. */
export function unprocessedShard(shard: number): string {
  return `unprocessed#${shard}`;
}

/** By the random end of the id: ids of the same moment spread over all shards. */
export function shardOf(imageId: string): number {
  return Number.parseInt(imageId.slice(-1), 16) % SHARDS;
}
