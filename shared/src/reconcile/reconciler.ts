import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { z } from "zod";
import type { Logger } from "../log.ts";
import type { DeadLetters } from "../messaging/dead-letter.ts";
import { giveUpAtLast } from "../messaging/failed-message.ts";
import type { Check } from "./check.ts";
import { type Request, type RunStore, reconcile, SCHEDULED } from "./run.ts";

/** A message that asks for a reconciliation; anything else in the queue is the clock's. */
const ReconciliationRequest = z.object({
  reconcile: z.object({ id: z.string().regex(/^[\w-]{1,64}$/), dryRun: z.boolean().default(true) }),
});

/** The SQS handler of a service's reconciliation. */
export function createReconciler(deps: {
  checks: Check[];
  store: RunStore;
  log: Logger;
  now: () => number;
  deadLetters?: DeadLetters;
}): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    const failures: SQSBatchResponse["batchItemFailures"] = [];
    for (const record of Records) {
      try {
        await reconcile(requestOf(JSON.parse(record.body)), deps);
      } catch (error) {
        const done = await giveUpAtLast(record, error, deps);
        if (!done) failures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures: failures };
  };
}

function requestOf(message: object): Request {
  if (!("reconcile" in message)) return SCHEDULED;
  const { id, dryRun } = ReconciliationRequest.parse(message).reconcile;
  if (id === SCHEDULED.id) throw new Error("The scheduled run belongs to the clock.");
  return { id, dryRun };
}
