import { imageChecksum } from "@shoebox/shared/checksum";
import type { ImageState, OwnerSummary, Tombstone } from "@shoebox/shared/events/catalog";
import { type ImageRecord, toState, visible } from "./image-record.ts";

export type SnapshotMode = "summary" | "state";

/**
 * Bytes of JSON: less than any carrier of events takes (256 KB is the least there ever was), with
 * room for what is around it.
 */
export const PAGE_BYTES = 150_000;

/**
 * A page of a snapshot while it fills. Records come owner by owner, each owner's together. Where a
 * page ends means nothing: what is known by then of the owner at its end begins the next one.
 */
export class PageDraft {
  readonly owners: OwnerSummary[] = [];
  readonly images: ImageState[] = [];
  readonly tombstones: Tombstone[] = [];
  /** The owner who is being read, summed up so far. */
  current: OwnerSummary | undefined;
  private readonly mode: SnapshotMode;
  private readonly room: number;
  private bytes = 0;

  constructor(mode: SnapshotMode, current: OwnerSummary | undefined, room: number) {
    this.mode = mode;
    this.current = current && { ...current };
    this.room = room;
  }

  /** False when the page is full: then nothing was added. An empty page takes one record of any size. */
  add(record: ImageRecord): boolean {
    const image = visible(record);
    if (!image && record.deletedAt === undefined) return true;
    const { ownerId, imageId, version } = record;
    const ended = this.current?.ownerId === ownerId ? undefined : this.current;
    const state = image && this.mode === "state" && toState(image);
    const tombstone = !image && this.mode === "state" && { imageId, ownerId, version };

    const bytes = bytesOf(ended) + bytesOf(state) + bytesOf(tombstone);
    if (this.bytes > 0 && this.bytes + bytes > this.room) return false;
    this.bytes += bytes;

    if (ended) this.endOwner();
    this.current ??= nothing(ownerId);
    if (image) {
      this.current.images += 1;
      this.current.checksum += imageChecksum(imageId, version);
    }
    if (state) this.images.push(state);
    if (tombstone) this.tombstones.push(tombstone);
    return true;
  }

  /** There is nothing more of the owner who is being read. One who is named is told of even when there was nothing. */
  endOwner(named?: string): void {
    const ended = this.current ?? (named === undefined ? undefined : nothing(named));
    if (ended) this.owners.push(ended);
    this.current = undefined;
  }
}

const nothing = (ownerId: string): OwnerSummary => ({ ownerId, images: 0, checksum: 0 });

const bytesOf = (told: object | false | undefined): number =>
  told ? Buffer.byteLength(JSON.stringify(told)) : 0;
