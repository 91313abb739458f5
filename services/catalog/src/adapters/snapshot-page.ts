import { gunzipSync, gzipSync } from "node:zlib";
import type { ImageState, OwnerSummary, Tombstone } from "@shoebox/shared/events/catalog";
import type { SnapshotMode } from "../domain/page-draft.ts";
import type { Bookmark } from "./read-images.ts";

/** What all pages of a segment have in common. */
export interface Segment {
  snapshotId: string;
  mode: SnapshotMode;
  segment: number;
  segments: number;
  correlationId: string;
}

/** One page of a snapshot, written once and never changed. */
export interface SnapshotPage extends Segment {
  page: number;
  /** ISO 8601: what it tells was read then or later. */
  takenAt: string;
  owners: OwnerSummary[];
  images: ImageState[];
  tombstones: Tombstone[];
  /** Where the next page begins; the last one of a segment has none. */
  next?: Bookmark;
  /** Whether the next page is for another call of the function. */
  paused: boolean;
}

/** Milliseconds that pages are kept: by then a snapshot is told, or nobody waits for it any more. */
export const PAGES_KEPT = 86_400_000;

const SNAPSHOT = "snapshot#";

/**
 * Each page has a partition key of its own. Pages are read one by one, by whoever wrote the one
 * before; under one key all of a snapshot would share the 1,000 write units of one partition.
 */
export function pageKey(
  { snapshotId, segment }: Pick<Segment, "snapshotId" | "segment">,
  page: number,
): { PK: string; SK: string } {
  return { PK: `${SNAPSHOT}${snapshotId}#segment#${segment}#page#${page}`, SK: "page" };
}

/**
 * What a page tells is compressed, in base64: a sixth of the write units and of the stream's bytes,
 * and the same text wherever the item is read (a stream's binary values are not bytes everywhere).
 */
export function toPageItem(page: SnapshotPage, now: number): Record<string, unknown> {
  const { owners, images, tombstones, ...about } = page;
  const told = JSON.stringify({ owners, images, tombstones });
  return {
    ...pageKey(page, page.page),
    ...about,
    told: gzipSync(told, { level: 1 }).toString("base64"),
    ttl: Math.ceil((now + PAGES_KEPT) / 1000),
  };
}

/** The page inside an item, or undefined when the item is none. */
export function fromPageItem(item: Record<string, unknown>): SnapshotPage | undefined {
  if (!String(item.PK).startsWith(SNAPSHOT)) return undefined;
  const { PK, SK, ttl, told, ...about } = item;
  const content = gunzipSync(Buffer.from(String(told), "base64")).toString();
  return { ...about, ...JSON.parse(content) } as unknown as SnapshotPage;
}
