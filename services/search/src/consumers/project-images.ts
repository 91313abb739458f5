import { imageIdTime } from "@shoebox/shared/ids";
import type { Logger } from "@shoebox/shared/log";
import type { DeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { measure } from "@shoebox/shared/metrics";
import { tracedSince } from "@shoebox/shared/trace";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { Applied } from "../adapters/bulk-outcome.ts";
import type { IndexWriter } from "../adapters/index-writer.ts";
import { catalogDocuments, type Projection } from "./catalog-documents.ts";
import { settle, verdictOf } from "./verdicts.ts";

/**
 * The projector: a whole batch of messages becomes one `_bulk` for all indexes that take live events,
 * and each message stands or falls by its own items in the answer.
 */
export function projectImages(deps: {
  writer: IndexWriter;
  deadLetters: DeadLetters;
  log: Logger;
  now?: () => number;
}): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async (event) => {
    const { projections, verdicts } = catalogDocuments(event.Records);
    if (projections.length > 0) {
      const began = Date.now();
      const results = await deps.writer.apply(
        await deps.writer.liveTargets(),
        projections.map(({ document }) => document),
      );
      for (const [position, { records }] of projections.entries()) {
        for (const record of records) verdicts.set(record, verdictOf(results[position]));
      }
      measureLags(projections, results, deps);
      await trace(projections, began);
    }
    return settle(verdicts, deps);
  };
}

/**
 * How late the index is. What it knew already is left out: a duplicate of last week says nothing about
 * today. So is what a newer version made superfluous.
 */
function measureLags(
  projections: Projection[],
  results: Applied[],
  { log, now = Date.now }: { log: Logger; now?: () => number },
): void {
  const at = now();
  const since = (time: number) => Math.max(0, at - time);
  const applied = projections.filter((_, position) => {
    const result = results[position];
    return result?.kind === "applied" && result.changed !== undefined;
  });
  measure(log, {
    ProjectorLag: applied.flatMap(({ facts }) =>
      facts.map(({ occurredAt }) => since(Date.parse(occurredAt))),
    ),
    TimeToSearchable: applied
      .filter(({ becameReady, document }) => becameReady && !document.deleted)
      .map(({ document }) => since(imageIdTime(document.imageId))),
  });
}

/** A batch is one write; who follows one request finds it by its ids all the same. */
function trace(projections: Projection[], began: number): Promise<void> {
  return tracedSince(began, "project", () =>
    projections
      .flatMap(({ facts }) => facts)
      .map(({ correlationId, eventId }) => ({ annotations: { correlationId, eventId } })),
  );
}
