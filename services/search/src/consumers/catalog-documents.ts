import { ImageCataloged, ImageDeleted, ImageUpdated } from "@shoebox/shared/events/catalog";
import { Envelope, type EventMetadata } from "@shoebox/shared/events/define";
import type { SQSRecord } from "aws-lambda";
import { type Document, imageDocument, tombstone } from "../domain/document.ts";
import type { Verdicts } from "./verdicts.ts";

/** One document, the messages that are done when it is applied, and what they tell of the time it took. */
export interface Projection {
  document: Document;
  records: SQSRecord[];
  facts: EventMetadata[];
  becameReady: boolean;
}

/**
 * The documents that a batch of catalog events means. Of several versions of an image only the newest
 * stays; the index would refuse the others anyway. What can't be read has its verdict already.
 */
export function catalogDocuments(records: SQSRecord[]): {
  projections: Projection[];
  verdicts: Verdicts;
} {
  const newest = new Map<string, Projection>();
  const verdicts: Verdicts = new Map();
  for (const record of records) {
    try {
      const { document, fact, becameReady = false } = toDocument(record);
      const known = newest.get(document.imageId);
      if (!known) {
        newest.set(document.imageId, { document, records: [record], facts: [fact], becameReady });
        continue;
      }
      if (known.document.version < document.version) known.document = document;
      known.records.push(record);
      known.facts.push(fact);
      known.becameReady ||= becameReady;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      verdicts.set(record, { kind: "never", reason: `it can't be read: ${reason}` });
    }
  }
  return { projections: [...newest.values()], verdicts };
}

function toDocument(record: SQSRecord): {
  document: Document;
  fact: EventMetadata;
  becameReady?: boolean;
} {
  const envelope = Envelope.parse(JSON.parse(record.body));
  switch (envelope["detail-type"]) {
    case ImageCataloged.type:
      return ofImage(ImageCataloged.parse(envelope));
    case ImageUpdated.type:
      return ofImage(ImageUpdated.parse(envelope));
    case ImageDeleted.type: {
      const { metadata, data } = ImageDeleted.parse(envelope);
      return { document: tombstone(data), fact: metadata };
    }
    default:
      throw new Error(`The projector does not know ${envelope["detail-type"]}.`);
  }
}

function ofImage({ metadata, data }: ReturnType<typeof ImageUpdated.parse>) {
  const { image, becameReady } = data;
  return { document: imageDocument(image), fact: metadata, becameReady };
}
