import { ImageCataloged, ImageDeleted, ImageUpdated } from "@shoebox/shared/events/catalog";
import { Envelope } from "@shoebox/shared/events/define";
import type { Logger } from "@shoebox/shared/log";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { ImagesIndex } from "../adapters/images-index.ts";
import { type Document, imageDocument, tombstone } from "../domain/document.ts";

/**
 * The projector: a whole batch of messages becomes one `_bulk`, and each message stands or falls by
 * its own item in the answer. Of several versions of an image in one batch only the newest is sent;
 * the index would refuse the others anyway.
 */
export function projectImages(deps: {
  index: ImagesIndex;
  log: Logger;
}): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async (event) => {
    const failed: string[] = [];
    const fail = (messageId: string, reason: unknown) => {
      deps.log.error({ messageId, err: reason }, "a message can't be projected and goes back");
      failed.push(messageId);
    };
    const newest = new Map<string, { document: Document; messageIds: string[] }>();
    for (const record of event.Records) {
      try {
        const document = toDocument(record);
        const before = newest.get(document.imageId);
        const wins = !before || before.document.version < document.version;
        newest.set(document.imageId, {
          document: wins ? document : before.document,
          messageIds: [...(before?.messageIds ?? []), record.messageId],
        });
      } catch (error) {
        fail(record.messageId, error);
      }
    }
    const batch = [...newest.values()];
    const results = await deps.index.apply(batch.map((entry) => entry.document));
    for (const [position, result] of results.entries()) {
      if (result.ok) continue;
      for (const messageId of batch[position]?.messageIds ?? []) fail(messageId, result.reason);
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

function toDocument(record: SQSRecord): Document {
  const envelope = Envelope.parse(JSON.parse(record.body));
  switch (envelope["detail-type"]) {
    case ImageCataloged.type:
      return imageDocument(ImageCataloged.parse(envelope).data.image);
    case ImageUpdated.type:
      return imageDocument(ImageUpdated.parse(envelope).data.image);
    case ImageDeleted.type:
      return tombstone(ImageDeleted.parse(envelope).data);
    default:
      throw new Error(`The projector does not know ${envelope["detail-type"]}.`);
  }
}
