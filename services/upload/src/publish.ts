import type { DomainEvent } from "@shoebox/shared/events/define";
import { ImageUploaded, OriginalDeleted, UploadRejected } from "@shoebox/shared/events/upload";
import { deterministicId } from "@shoebox/shared/ids";
import type { Change } from "@shoebox/shared/messaging/relay";
import { isSession } from "./adapters/session-item.ts";
import { createdAt, keyOf, Session } from "./domain/session.ts";

const iso = (time: number) => new Date(time).toISOString();

/**
 * The facts that a change of the table means. The table also holds other items, which mean
 * none. A fact has the same id however often it is published.
 */
export function toEvents(change: Change): DomainEvent[] {
  if (!change.after || !isSession(change.after)) return [];
  const session = Session.parse(change.after);
  const metadata = (type: string, occurredAt: number) => ({
    eventId: deterministicId(type, session.imageId),
    occurredAt: iso(occurredAt),
    correlationId: session.correlationId,
  });
  const { ownerId, imageId } = session;
  const isNew = change.before?.status !== session.status;

  switch (session.status) {
    case "awaiting":
    case "aborted":
    case "expired":
      return [];
    case "uploaded": {
      if (!isNew && change.before?.reminders === session.reminders) return [];
      const uploaded = ImageUploaded.make(metadata("ImageUploaded", session.verifiedAt), {
        imageId,
        ownerId,
        bucket: session.bucket,
        key: keyOf(session),
        versionId: session.versionId,
        contentType: session.contentType,
        size: session.size,
        sha256: session.sha256,
        fileName: session.fileName,
        tags: session.tags,
        caption: session.caption,
        visibility: session.visibility,
        takenAt: session.takenAt,
        uploadedAt: iso(createdAt(session)),
        reminder: session.reminders,
      });
      return [uploaded];
    }
    case "rejected": {
      if (!isNew) return [];
      const { reason, rejectedAt } = session;
      return [
        UploadRejected.make(metadata("UploadRejected", rejectedAt), { imageId, ownerId, reason }),
      ];
    }
    case "deleted": {
      if (!isNew && change.before?.confirmations === session.confirmations) return [];
      const at = session.originalDeletedAt;
      return [OriginalDeleted.make(metadata("OriginalDeleted", at), { imageId, ownerId })];
    }
    default:
      return session satisfies never;
  }
}
