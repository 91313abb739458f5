import type { Logger } from "@shoebox/shared/log";
import type { DeadLetters } from "@shoebox/shared/messaging/dead-letter";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { IndexWriter } from "../adapters/index-writer.ts";
import { catalogDocuments } from "./catalog-documents.ts";
import { settle, verdictOf } from "./verdicts.ts";

/**
 * The projector: a whole batch of messages becomes one `_bulk` for all indexes that take live events,
 * and each message stands or falls by its own items in the answer.
 */
export function projectImages(deps: {
  writer: IndexWriter;
  deadLetters: DeadLetters;
  log: Logger;
}): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async (event) => {
    const { projections, verdicts } = catalogDocuments(event.Records);
    if (projections.length > 0) {
      const results = await deps.writer.apply(
        await deps.writer.liveTargets(),
        projections.map(({ document }) => document),
      );
      for (const [position, { records }] of projections.entries()) {
        for (const record of records) verdicts.set(record, verdictOf(results[position]));
      }
    }
    return settle(verdicts, deps);
  };
}
