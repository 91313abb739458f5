import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { republishTombstones } from "../jobs/republish-tombstones.ts";
import { service } from "../service.ts";

/** Several schedule messages that waited together ask for the same thing: one run answers them all. */
export async function handler(_event: SQSEvent): Promise<SQSBatchResponse> {
  await republishTombstones(service);
  return { batchItemFailures: [] };
}
