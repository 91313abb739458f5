import { deliveryFailure, type Failure } from "./delivery-failure.ts";
import { type Delivery, deliveryStore } from "./delivery-store.ts";
import type { Logger } from "./logger.ts";
import type { Store } from "./store.ts";
import type { Target } from "./target.ts";

/** SQS message attributes in the SDK's shape. */
export type MessageAttributes = Record<string, { DataType: "String"; StringValue: string }>;

/** The bridge's way to SQS. */
export interface SqsSender {
  /** Resolves once the queue has the message. */
  send(queueArn: string, body: string, attributes?: MessageAttributes): Promise<void>;
  /**
   * Sends up to 10 messages of at most 1 MiB together, all or none: resolves once the queue has them all, rejects when it took none.
   * Without it each message goes through `send`.
   */
  sendBatch?(queueArn: string, bodies: string[]): Promise<void>;
}

/** Sends what is stored in `deliveries`, each queue in its own lane, until it is delivered or its retry policy ends. */
export interface DeliveryPump {
  /** Stores a delivery; to be called in a transaction, with `wake` after it. */
  enqueue(target: Target, ruleArn: string, body: string): void;
  /** Starts sending to these queues now. */
  wake(queueArns: Iterable<string>): void;
  /** Looks at all queues again; for the heartbeat, which follows clocks that jump. */
  tick(): void;
  /** Sends nothing new and waits for what is under way (at most 5 s: the rest is still stored). */
  close(): Promise<void>;
}

interface Lane {
  queueArn: string;
  /** The ids of the deliveries that are being sent: at most BATCHES × BATCH of them, whatever the backlog is. */
  inFlight: Set<number>;
  batches: number;
  timer: NodeJS.Timeout | undefined;
}

/** Requests to one queue under way at a time. */
const BATCHES = 4;
const BATCH = 10;
const BATCH_BYTES = 1_048_576;
const CLOSE_PATIENCE = 5_000;

/** Doubling from 0.1 s to 10 min, which spreads the 185 retries over the 24 hours; jittered down to half. */
function backoff(attempts: number): number {
  return Math.min(600_000, 100 * 2 ** (attempts - 1)) * (0.5 + Math.random() / 2);
}

/** Starts the pump, beginning with what an earlier process left behind. */
export function startPump(
  store: Store,
  sqs: SqsSender,
  now: () => number,
  logger: Logger,
): DeliveryPump {
  const deliveries = deliveryStore(store);
  const lanes = new Map<string, Lane>();
  const underWay = new Set<Promise<void>>();
  /** Nothing new is sent. */
  let stopping = false;
  /** The store is gone: outcomes that come later are forgotten, and their messages sent again next time. */
  let closed = false;

  function laneOf(queueArn: string): Lane {
    const known = lanes.get(queueArn);
    if (known !== undefined) return known;
    const lane: Lane = { queueArn, inFlight: new Set(), batches: 0, timer: undefined };
    lanes.set(queueArn, lane);
    return lane;
  }

  /** The next due deliveries that are not under way, oldest first: up to 10, up to 1 MiB, dead letters one by one. */
  function nextBatch(lane: Lane, at: number): Delivery[] {
    const due = deliveries.due(lane.queueArn, at, lane.inFlight.size + BATCH);
    const batch: Delivery[] = [];
    let bytes = 0;
    for (const id of due) {
      if (batch.length === BATCH) break;
      if (lane.inFlight.has(id)) continue;
      const delivery = deliveries.get(id);
      bytes += Buffer.byteLength(delivery.body);
      const alone = delivery.attributes !== null;
      if (batch.length > 0 && (alone || bytes > BATCH_BYTES)) break;
      batch.push(delivery);
      if (alone) break;
    }
    return batch;
  }

  async function sendSingly(batch: Delivery[]): Promise<unknown[]> {
    const settled = await Promise.allSettled(
      batch.map(async ({ queue_arn, body, attributes }) =>
        sqs.send(queue_arn, body, attributes === null ? undefined : JSON.parse(attributes)),
      ),
    );
    return settled.map((each) =>
      each.status === "rejected" ? (each.reason ?? new Error("Rejected.")) : undefined,
    );
  }

  /** One element for each delivery: undefined when the queue has it, or what went wrong. */
  async function send(batch: Delivery[]): Promise<unknown[]> {
    const [first] = batch;
    if (first === undefined || sqs.sendBatch === undefined || first.attributes !== null) {
      return sendSingly(batch);
    }
    const bodies = batch.map((delivery) => delivery.body);
    try {
      await sqs.sendBatch(first.queue_arn, bodies);
      return batch.map(() => undefined);
    } catch (error) {
      // One message may have been refused for all of them: singly, only that one goes to the dead letters.
      if (batch.length > 1 && !deliveryFailure(error).retryable) return sendSingly(batch);
      return batch.map(() => error ?? new Error("The queue could not be reached."));
    }
  }

  /** The retry policy of this delivery has ended: on to its dead-letter queue, or dropped with a warning. */
  function giveUp(delivery: Delivery, failure: Failure, exhausted: string | undefined): void {
    const retries = delivery.attempts;
    const { rule_arn: ruleArn, queue_arn: targetArn } = delivery;
    const about = { ruleArn, targetArn, retries, exhausted, ...failure };
    if (delivery.dlq_arn === null) {
      logger.warn({ ...about, body: delivery.body.slice(0, 1000) }, "an event was dropped");
      deliveries.remove(delivery.id);
      return;
    }
    const values: Record<string, string | undefined> = {
      RULE_ARN: ruleArn,
      TARGET_ARN: targetArn,
      ERROR_CODE: failure.code,
      ERROR_MESSAGE: failure.message,
      EXHAUSTED_RETRY_CONDITION: exhausted,
      RETRY_ATTEMPTS: String(retries),
    };
    const attributes: MessageAttributes = {};
    for (const [name, StringValue] of Object.entries(values)) {
      if (StringValue !== undefined) attributes[name] = { DataType: "String", StringValue };
    }
    logger.warn(about, "an event goes to the dead-letter queue");
    deliveries.bury(delivery.id, JSON.stringify(attributes), now());
  }

  function settle(delivery: Delivery, error: unknown): void {
    if (error === undefined) {
      deliveries.remove(delivery.id);
      return;
    }
    const failure = deliveryFailure(error);
    if (!failure.retryable) {
      giveUp(delivery, failure, undefined);
    } else if (delivery.attempts >= delivery.max_retries) {
      giveUp(delivery, failure, "MaximumRetryAttempts");
    } else if (now() >= delivery.expires_at) {
      giveUp(delivery, failure, "MaximumEventAgeInSeconds");
    } else {
      const attempts = delivery.attempts + 1;
      // Never beyond the end of the policy, so that it ends on time.
      const nextAt = Math.min(Math.ceil(now() + backoff(attempts)), delivery.expires_at);
      deliveries.retry(delivery.id, attempts, nextAt);
    }
  }

  async function deliver(lane: Lane, batch: Delivery[]): Promise<void> {
    const errors = await send(batch);
    if (closed) return;
    try {
      store.transaction(() => {
        batch.forEach((delivery, at) => {
          settle(delivery, errors[at]);
        });
        // A retry that succeeds shows that the queue is back: the others need not wait for their own time.
        const back = batch.some(({ attempts }, at) => attempts > 0 && errors[at] === undefined);
        if (back) deliveries.hasten(lane.queueArn, now());
      });
    } catch (error) {
      // The store could not take the outcome (a full disk, say). The messages will be sent again: at least once is kept.
      logger.error({ error }, "the outcome of a delivery could not be stored");
      release(lane, batch);
      return;
    }
    release(lane, batch);
    const deadLetterQueues = batch.flatMap(({ dlq_arn }) => dlq_arn ?? []);
    wake([lane.queueArn, ...(errors.some((error) => error !== undefined) ? deadLetterQueues : [])]);
  }

  function release(lane: Lane, batch: Delivery[]): void {
    for (const delivery of batch) lane.inFlight.delete(delivery.id);
    lane.batches -= 1;
  }

  /**
   * Sleeps until the lane's next retry is due; the lane is forgotten when it has nothing left. `at` is the time for which `nextBatch`
   * found nothing: with a later one, what came due between the two would be neither sent nor waited for.
   */
  function rest(lane: Lane, at: number): void {
    clearTimeout(lane.timer);
    const next = deliveries.nextDue(lane.queueArn, at);
    if (next !== undefined) {
      lane.timer = setTimeout(() => run(lane), Math.max(1, next - at));
    } else if (lane.batches === 0) {
      lanes.delete(lane.queueArn);
    }
  }

  function run(lane: Lane): void {
    while (!stopping && lane.batches < BATCHES) {
      const at = now();
      const batch = nextBatch(lane, at);
      if (batch.length === 0) {
        rest(lane, at);
        return;
      }
      lane.batches += 1;
      for (const delivery of batch) lane.inFlight.add(delivery.id);
      const work = deliver(lane, batch);
      underWay.add(work);
      void work.finally(() => underWay.delete(work));
    }
  }

  function wake(queueArns: Iterable<string>): void {
    for (const queueArn of new Set(queueArns)) run(laneOf(queueArn));
  }

  wake(deliveries.queues());

  return {
    enqueue: (target, ruleArn, body) => deliveries.add(target, ruleArn, body, now()),
    wake,
    tick: () => wake(lanes.keys()),
    async close() {
      stopping = true;
      for (const lane of lanes.values()) clearTimeout(lane.timer);
      const patience = new Promise((resolve) => setTimeout(resolve, CLOSE_PATIENCE).unref());
      await Promise.race([Promise.allSettled(underWay), patience]);
      closed = true;
    },
  };
}
