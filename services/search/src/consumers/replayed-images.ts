import { Envelope } from "@shoebox/shared/events/define";
import type { Logger } from "@shoebox/shared/log";
import type { DeadLetters } from "@shoebox/shared/messaging/dead-letter";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { IndexWriter } from "../adapters/index-writer.ts";
import type { JobsTable } from "../adapters/jobs-table.ts";
import { rebuildOfReplay } from "../domain/decide.ts";
import { writeAliasOf } from "../domain/index-name.ts";
import { catalogDocuments } from "./catalog-documents.ts";
import { settle, type Verdicts, verdictOf } from "./verdicts.ts";

/** While a rebuild is in one of these, it takes what is replayed for it. */
const TAKING = new Set(["filling", "waiting", "catching-up", "draining"]);

/**
 * The projector of replayed events: into the index of the rebuild that asked for the replay, and no
 * other. What comes late, when the rebuild is over or already compares, is left out: an event as old
 * as the archive may not slip in behind the proof.
 */
export function projectReplayed(deps: {
  writer: IndexWriter;
  jobs: JobsTable;
  deadLetters: DeadLetters;
  log: Logger;
}): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async (event) => {
    const verdicts: Verdicts = new Map();
    const groups = Map.groupBy(event.Records, rebuildOf);
    for (const [rebuildId, records] of groups) {
      const rebuild = rebuildId ? await deps.jobs.get("rebuild", rebuildId) : undefined;
      if (!rebuild || !TAKING.has(rebuild.phase)) {
        for (const record of records) verdicts.set(record, { kind: "done" });
        continue;
      }
      const { projections, verdicts: unreadable } = catalogDocuments(records);
      for (const [record, verdict] of unreadable) verdicts.set(record, verdict);
      const results = await deps.writer.apply(
        [writeAliasOf(rebuild.index)],
        projections.map(({ document }) => document),
      );
      for (const [position, projection] of projections.entries()) {
        const result = results[position];
        const verdict = result?.kind === "gone" ? { kind: "done" as const } : verdictOf(result);
        for (const record of projection.records) verdicts.set(record, verdict);
      }
    }
    return settle(verdicts, deps);
  };
}

function rebuildOf(record: SQSRecord): string | undefined {
  try {
    return rebuildOfReplay(Envelope.parse(JSON.parse(record.body))["replay-name"] ?? "");
  } catch {
    // Nobody's: the bus made it, so it is no event of ours, and there is nothing to project in it.
    return undefined;
  }
}
