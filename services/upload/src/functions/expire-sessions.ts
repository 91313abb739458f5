import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { expireSessions } from "../jobs/expire-sessions.ts";
import { service } from "../service.ts";

/** Several schedule messages that waited together ask for the same thing: one run answers them all. */
export async function handler(_event: SQSEvent): Promise<SQSBatchResponse> {
  await expireSessions(service);
  return { batchItemFailures: [] };
}
