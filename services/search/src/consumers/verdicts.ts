import type { Logger } from "@shoebox/shared/log";
import type { DeadLetters } from "@shoebox/shared/messaging/dead-letter";
import { measure } from "@shoebox/shared/metrics";
import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import type { Applied } from "../adapters/bulk-outcome.ts";

/** What becomes of a message: it is done, it comes again, or it can't ever succeed. */
export type Verdict = { kind: "done" } | { kind: "again" | "never"; reason: string };
export type Verdicts = Map<SQSRecord, Verdict>;

/** What the engine's word on a document means for the message it came in. */
export function verdictOf(result: Applied | undefined): Verdict {
  switch (result?.kind) {
    case "applied":
      return { kind: "done" };
    case "refused":
      return { kind: "never", reason: result.reason };
    case "busy":
      return { kind: "again", reason: result.reason };
    default:
      // All indexes were exchanged since the cluster was asked for them.
      return { kind: "again", reason: "there is no index to write to" };
  }
}

/**
 * Answers for a batch. What can never succeed is recognised by its reason, not by counting: it is set
 * aside with it, at once. All else waits for the engine as long as it takes.
 */
export async function settle(
  verdicts: Verdicts,
  deps: { deadLetters: DeadLetters; log: Logger },
): Promise<SQSBatchResponse> {
  const unsettled = [...verdicts].filter(([, { kind }]) => kind !== "done");
  const failures = await Promise.all(
    unsettled.map(async ([record, verdict]) => {
      const back = await goesBack(record, verdict, deps);
      return back ? [{ itemIdentifier: record.messageId }] : [];
    }),
  );
  return { batchItemFailures: failures.flat() };
}

async function goesBack(
  record: SQSRecord,
  verdict: Verdict,
  { deadLetters, log }: { deadLetters: DeadLetters; log: Logger },
): Promise<boolean> {
  if (verdict.kind === "done") return false;
  const about = { messageId: record.messageId, reason: verdict.reason };
  if (verdict.kind === "again") {
    log.warn(about, "a message can't be projected now and goes back");
    return true;
  }
  try {
    await deadLetters.setAside(record, verdict.reason);
    log.error(about, "a message can't be projected and is set aside");
    measure(log, { EventsSetAside: 1 });
    return false;
  } catch (error) {
    log.error({ ...about, err: error }, "a message can't be set aside and goes back");
    return true;
  }
}
