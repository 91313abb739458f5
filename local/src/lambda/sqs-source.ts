import { type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import type { Logger } from "pino";
import { readBatchResponse } from "./batch-response.ts";
import { ConcurrencyGate } from "./concurrency-gate.ts";
import { growingPause, pause } from "./pause.ts";
import type { Invoke } from "./runtime.ts";
import type { FunctionSpec, SqsSource } from "./spec.ts";
import { splitBySize } from "./split-by-size.ts";
import { deleteMessages } from "./sqs-delete.ts";
import { sqsRecord } from "./sqs-event.ts";

/** Lambda begins with five batches at a time when no maximum is set. */
const DEFAULT_CONCURRENCY = 5;
/** The longest wait that SQS allows; a message that comes meanwhile is handed over at once. */
const POLL_SECONDS = 20;
const RECEIVE_MAXIMUM = 10;

export interface SqsSourceOptions {
  sqs: SQSClient;
  invoke: Invoke;
  function: FunctionSpec;
  region: string;
  log: Logger;
}

/**
 * Runs one SQS event source mapping until `close`, which waits for the batches under way.
 *
 * @throws Error in one sentence for settings that Lambda refuses as well
 */
export function startSqsSource(
  source: SqsSource,
  options: SqsSourceOptions,
): { close(): Promise<void> } {
  refuseBadSettings(source, options.function);
  const limit = Math.min(
    source.maximumConcurrency ?? DEFAULT_CONCURRENCY,
    options.function.reservedConcurrency ?? Number.POSITIVE_INFINITY,
  );
  const gate = new ConcurrencyGate(limit);
  const stop = new AbortController();
  const running = new Set<Promise<void>>();

  const poll = async () => {
    let failures = 0;
    while (!stop.signal.aborted) {
      // A place is taken before anything is received: what is received can run at once.
      if (!(await gate.enter())) return;
      let batch: Message[] = [];
      try {
        batch = await receiveBatch(source, options.sqs, stop.signal);
        failures = 0;
      } catch (error) {
        if (stop.signal.aborted) return;
        failures += 1;
        options.log.warn({ queueArn: source.queueArn, err: error }, "queue could not be read");
        await pause(growingPause(failures, 100, 5000), stop.signal);
      }
      if (batch.length === 0) {
        gate.leave();
        continue;
      }
      const work = runBatch(batch, source, options)
        .catch((error) =>
          options.log.error({ queueArn: source.queueArn, err: error }, "batch failed"),
        )
        .finally(() => {
          gate.leave();
          running.delete(work);
        });
      running.add(work);
    }
  };
  const polling = poll();
  return {
    close: async () => {
      stop.abort();
      await polling;
      await Promise.all(running);
    },
  };
}

function refuseBadSettings(source: SqsSource, fn: FunctionSpec): void {
  const visibility = source.visibilityTimeoutSeconds;
  if (visibility !== undefined && visibility < fn.timeoutSeconds) {
    throw new Error(
      `Queue ${source.queueArn}: its visibility timeout of ${visibility} s is shorter than the ${fn.timeoutSeconds} s timeout of function ${fn.name}.`,
    );
  }
  if (source.batchSize > RECEIVE_MAXIMUM && !source.maximumBatchingWindowSeconds) {
    throw new Error(
      `Queue ${source.queueArn}: a batch size of ${source.batchSize} needs a batching window of at least 1 s.`,
    );
  }
}

/** Waits for a first message and, when there is a window, for the batch to fill up. */
async function receiveBatch(
  source: SqsSource,
  sqs: SQSClient,
  signal: AbortSignal,
): Promise<Message[]> {
  const batch = await receive(source, sqs, source.batchSize, POLL_SECONDS, signal);
  const windowEnd = performance.now() + (source.maximumBatchingWindowSeconds ?? 0) * 1000;
  while (batch.length > 0 && batch.length < source.batchSize && !signal.aborted) {
    const left = windowEnd - performance.now();
    if (left <= 0) break;
    // The wait of a receive is in whole seconds, so the rest of the window is waited for here.
    if (left < 1000) await pause(left, signal);
    const most = source.batchSize - batch.length;
    // This poll is not broken off: the messages that are held already would be lost with it until they are visible again.
    batch.push(...(await receive(source, sqs, most, Math.floor(left / 1000))));
  }
  return batch;
}

async function receive(
  source: SqsSource,
  sqs: SQSClient,
  most: number,
  waitSeconds: number,
  abortSignal?: AbortSignal,
): Promise<Message[]> {
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: source.queueUrl,
      MaxNumberOfMessages: Math.min(most, RECEIVE_MAXIMUM),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
    { abortSignal },
  );
  return Messages ?? [];
}

async function runBatch(
  batch: Message[],
  source: SqsSource,
  options: SqsSourceOptions,
): Promise<void> {
  const records = batch.map((message) => sqsRecord(message, source.queueArn, options.region));
  for (const run of splitBySize(records)) {
    const succeeded = await runRecords(run, source, options);
    if (succeeded.length > 0) {
      await deleteMessages(options.sqs, source.queueUrl, succeeded, options.log);
    }
  }
}

/** Invokes the function and returns the records that may be deleted. The others come again by themselves. */
async function runRecords(
  records: SQSRecord[],
  source: SqsSource,
  { invoke, log }: SqsSourceOptions,
): Promise<SQSRecord[]> {
  const result = await invoke(source.functionName, { Records: records }, { whenBusy: "wait" });
  if (result.outcome !== "success") return [];
  if (!source.reportBatchItemFailures) return records;
  const verdict = readBatchResponse(result.payload, new Set(records.map((r) => r.messageId)));
  if (verdict.allFailed) {
    log.error(
      { functionName: source.functionName, payload: result.payload },
      "the batch response is malformed, so the whole batch counts as failed",
    );
    return [];
  }
  return records.filter((record) => !verdict.failed.has(record.messageId));
}
