import { ChangeMessageVisibilityBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import type { Logger } from "pino";
import { pause } from "../lambda/pause.ts";
import type { Invoke, InvokeResult } from "../lambda/runtime.ts";
import type { EventSource } from "../lambda/spec.ts";
import type { Chaos } from "./chaos.ts";
import { dieAt } from "./die-at.ts";

/** A message is in the middle of a death this often at most, so that chaos alone makes no dead letters. */
const DEATHS_OF_A_MESSAGE = 2;
/** Seconds until the messages of a dead function come again. On AWS it is six times the function's timeout. */
const COMES_AGAIN = 1;

/**
 * How an event source hands over when it is rough: late, twice, a queue's batch in any order, and to
 * a function that dies in the middle. A stream's records keep their order, as they do on AWS, and its
 * function does not die twice in succession.
 */
export function chaoticSource(
  source: EventSource,
  invoke: Invoke,
  { chaos, sqs, log }: { chaos: Chaos; sqs: SQSClient; log: Logger },
): Invoke {
  let justDied = false;
  return async (functionName, event, options) => {
    const fate = chaos.next(functionName);
    if (fate.delay > 0) await pause(fate.delay, new AbortController().signal);
    const { Records } = event as { Records: SQSRecord[] };
    const fromQueue = source.type === "sqs";
    const handedOver = fromQueue ? { Records: shuffled(Records) } : event;
    const call = () => invoke(functionName, handedOver, options);
    const mayDie = fromQueue ? Records.every(mayDieAgain) : !justDied;
    const result = fate.death && mayDie ? await dieAt(fate.death, call) : await call();
    justDied = result === "died";
    if (result === "died") {
      log.warn({ functionName, ...fate.death }, "chaos: a function died in the middle");
      if (fromQueue) await comeAgain(source.queueUrl, Records);
      return killed();
    }
    return fate.twice ? call() : result;
  };

  function shuffled<T>(records: T[]): T[] {
    return records
      .map((record) => ({ record, order: chaos.next(`${source.functionName} order`).order }))
      .sort((a, b) => a.order - b.order)
      .map(({ record }) => record);
  }

  /** Nobody wants to wait for a dead function as long as it could have run. */
  async function comeAgain(QueueUrl: string, records: SQSRecord[]): Promise<void> {
    const Entries = records.map(({ receiptHandle: ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: COMES_AGAIN,
    }));
    for (let from = 0; from < Entries.length; from += 10) {
      const some = Entries.slice(from, from + 10);
      await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: some }));
    }
  }
}

const mayDieAgain = ({ attributes }: SQSRecord) =>
  Number(attributes.ApproximateReceiveCount) <= DEATHS_OF_A_MESSAGE;

/** What Lambda says of a function whose process is gone. */
function killed(): InvokeResult {
  return {
    outcome: "function-error",
    requestId: crypto.randomUUID(),
    error: { errorType: "Runtime.ExitError", errorMessage: "signal: killed", trace: [] },
  };
}
