import { EventEmitter, once } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { MessageAttributes, SqsSender } from "./delivery.ts";

export interface SentMessage {
  queueArn: string;
  body: string;
  attributes?: MessageAttributes;
}

/** An SQS that keeps what it is sent, and fails as a test tells it to. */
export interface RecordingSqs extends SqsSender {
  /** Every message that a queue took. */
  sent: SentMessage[];
  /** Every try, failed ones too. */
  tries: number;
  /** What sends to a queue fail with; undefined lets them succeed. */
  failure(queueArn: string, body: string): Error | undefined;
  /** The parsed bodies that the queue took, once there are so many of them. */
  received(queueArn: string, count: number): Promise<Record<string, unknown>[]>;
  /** Resolves once that many sends were tried and the bridge has taken note of how they ended. */
  tried(count: number): Promise<void>;
}

export function recordingSqs(): RecordingSqs {
  const changes = new EventEmitter();
  const at = (queueArn: string) => recorder.sent.filter((each) => each.queueArn === queueArn);
  const recorder: RecordingSqs = {
    sent: [],
    tries: 0,
    failure: () => undefined,
    async send(queueArn, body, attributes) {
      await Promise.resolve();
      const failure = recorder.failure(queueArn, body);
      recorder.tries += 1;
      if (failure === undefined) recorder.sent.push({ queueArn, body, attributes });
      changes.emit("change");
      if (failure !== undefined) throw failure;
    },
    async received(queueArn, count) {
      while (at(queueArn).length < count) await once(changes, "change");
      return at(queueArn).map((each) => JSON.parse(each.body) as Record<string, unknown>);
    },
    async tried(count) {
      while (recorder.tries < count) await once(changes, "change");
      // The bridge goes on in microtasks, which are all done before the next turn.
      await setImmediate();
    },
  };
  return recorder;
}
