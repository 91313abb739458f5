import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { Logger } from "../log.ts";
import type { DeadLetters } from "./dead-letter.ts";
import { giveUpAtLast } from "./failed-message.ts";

/**
 * The SQS handler of a job that the clock starts. Several messages that waited together ask for the
 * same thing: one run answers them all, and if it fails they all fail, with its reason.
 */
export function createJob(options: {
  run: () => Promise<unknown>;
  log: Logger;
  deadLetters?: DeadLetters;
}): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    try {
      await options.run();
      return { batchItemFailures: [] };
    } catch (error) {
      const failures = await Promise.all(
        Records.map(async (record) => {
          const done = await giveUpAtLast(record, error, options);
          return done ? [] : [{ itemIdentifier: record.messageId }];
        }),
      );
      return { batchItemFailures: failures.flat() };
    }
  };
}
