import {
  CatalogSnapshotPage,
  CatalogSnapshotPaused,
  ImageCataloged,
  ImageDeleted,
  ImageUpdated,
} from "@shoebox/shared/events/catalog";
import type { DomainEvent } from "@shoebox/shared/events/define";
import { deterministicId } from "@shoebox/shared/ids";
import type { Change } from "@shoebox/shared/messaging/relay";
import { toRecord } from "./adapters/image-item.ts";
import { fromPageItem, type SnapshotPage } from "./adapters/snapshot-page.ts";
import { type ImageRecord, statusOf, toState, visible } from "./domain/image-record.ts";

/**
 * The facts that a change of the table means. Tag links, idempotency records, images nobody sees
 * yet, confirmations and what TTL removes mean none. A fact is identified by image and version, so
 * one that is published again is the same fact. A page of a snapshot is a fact by itself.
 */
export function toEvents(change: Change): DomainEvent[] {
  const page = change.after && fromPageItem(change.after);
  if (page) return told(page);
  const before = change.before && toRecord(change.before);
  const after = change.after && toRecord(change.after);
  if (!after) return [];
  if (after.deletedAt !== undefined) {
    const again = before?.deletedAt !== undefined && before.republished === after.republished;
    return again ? [] : [deletion(after)];
  }
  const image = visible(after);
  if (!image || before?.version === after.version) return [];
  const earlier = visible(before);
  const event = earlier ? ImageUpdated : ImageCataloged;
  const becameReady =
    statusOf(image) === "ready" && (!earlier || statusOf(earlier) !== "ready") ? true : undefined;
  return [event.make(metadata(event.type, after), { image: toState(image), becameReady })];
}

function deletion(tombstone: ImageRecord): DomainEvent {
  const { imageId, ownerId, version, deletedAt, uploadTime, s3Key, audience } = tombstone;
  if (deletedAt === undefined || uploadTime === undefined || s3Key === undefined) {
    throw new Error(`The tombstone of ${imageId} does not say what was deleted.`);
  }
  return ImageDeleted.make(metadata("ImageDeleted", tombstone), {
    imageId,
    ownerId,
    version,
    deletedAt,
    uploadedAt: uploadTime,
    key: s3Key,
    audience,
  });
}

/** A page, and where the catalog has to go on from. A page is written once: it has no other change than this one. */
function told(page: SnapshotPage): DomainEvent[] {
  const { snapshotId, segment, segments, owners, images, tombstones, takenAt, correlationId } =
    page;
  const about = (type: string) => ({
    eventId: deterministicId(type, snapshotId, segment, page.page),
    occurredAt: takenAt,
    correlationId,
  });
  const part = {
    snapshotId,
    segment,
    segments,
    page: page.page,
    last: !page.next,
    takenAt,
    owners,
  };
  return [
    CatalogSnapshotPage.make(
      about("CatalogSnapshotPage"),
      page.mode === "summary"
        ? { ...part, mode: page.mode }
        : { ...part, mode: page.mode, images, tombstones },
    ),
    ...(page.paused
      ? [
          CatalogSnapshotPaused.make(about("CatalogSnapshotPaused"), {
            snapshotId,
            segment,
            page: page.page,
          }),
        ]
      : []),
  ];
}

function metadata(type: string, record: ImageRecord) {
  return {
    eventId: deterministicId(type, record.imageId, record.version),
    occurredAt: record.updatedAt,
    correlationId: record.correlationId,
  };
}
