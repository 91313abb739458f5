import type { Random } from "../world/random.ts";
import type { Planned, Scheduler } from "../world/scheduler.ts";

export interface QueueSpec {
  name: string;
  arn: string;
  url: string;
  /** Milliseconds. */
  visibilityTimeout: number;
  retention: number;
  maxReceiveCount: number | undefined;
  deadLetterArn: string | undefined;
}

export interface Message {
  id: string;
  body: string;
  attributes: Record<string, unknown>;
  sentAt: number;
  /** Milliseconds; until then nobody receives it. */
  visibleAt: number;
  receiveCount: number;
  firstReceived: number | undefined;
  /** Of the last time it was received. */
  receipt: string | undefined;
}

/** A standard queue: at least once, in any order. */
export interface Queue {
  spec: QueueSpec;
  send(body: string, attributes?: Record<string, unknown>, delay?: number): Message;
  /** Some of the visible messages; each is invisible then for the visibility timeout. */
  receive(most: number, visibilityTimeout?: number): Message[];
  /** True when there was such a message; an old receipt works until the message is received again. */
  delete(receipt: string): boolean;
  changeVisibility(receipt: string, ms: number): boolean;
  /** Throws all away and answers how much that was. */
  purge(): number;
  /** All that is there, visible or not. */
  messages(): Message[];
  visible(): number;
  /** Who consumes it is called when there is something to receive. */
  consumeBy(listener: () => void): void;
}

export function createQueue(
  spec: QueueSpec,
  world: {
    scheduler: Scheduler;
    random: Random;
    id: () => string;
    deadLetters: () => Queue | undefined;
    say: (text: string) => void;
  },
): Queue {
  const { scheduler, random } = world;
  const messages = new Map<string, Message>();
  const wakeUps = new Map<string, Planned>();
  let consumer: (() => void) | undefined;

  function wakeAt(message: Message): void {
    wakeUps.get(message.id)?.cancel();
    if (!consumer) return;
    const wait = Math.max(message.visibleAt - scheduler.now(), 0);
    const wake = () => consumer?.();
    wakeUps.set(message.id, scheduler.after(wait, wake));
  }

  function remove(message: Message): void {
    messages.delete(message.id);
    wakeUps.get(message.id)?.cancel();
    wakeUps.delete(message.id);
  }

  /** What was received too often goes to the dead-letter queue in place of being received once more. */
  function isDead(message: Message): boolean {
    const deadLetters = world.deadLetters();
    if (!deadLetters || message.receiveCount < (spec.maxReceiveCount ?? Infinity)) return false;
    remove(message);
    world.say(`${spec.name}: a message goes to the dead-letter queue`);
    deadLetters.send(message.body, { ...message.attributes, DeadLetterQueueSourceArn: spec.arn });
    return true;
  }

  const byReceipt = (receipt: string) =>
    [...messages.values()].find((message) => message.receipt === receipt);

  return {
    spec,
    send(body, attributes = {}, delay = 0) {
      const now = scheduler.now();
      const message: Message = {
        id: world.id(),
        body,
        attributes,
        sentAt: now,
        visibleAt: now + delay,
        receiveCount: 0,
        firstReceived: undefined,
        receipt: undefined,
      };
      messages.set(message.id, message);
      scheduler.after(
        spec.retention,
        () => {
          if (!messages.has(message.id)) return;
          world.say(`${spec.name}: a message grew too old`);
          remove(message);
        },
        { background: true },
      );
      wakeAt(message);
      return message;
    },
    receive(most, visibilityTimeout = spec.visibilityTimeout) {
      const now = scheduler.now();
      const visible = [...messages.values()].filter(({ visibleAt }) => visibleAt <= now);
      const received = random
        .shuffled(visible)
        .filter((message) => !isDead(message))
        .slice(0, most);
      for (const message of received) {
        message.receiveCount += 1;
        message.firstReceived ??= now;
        message.receipt = world.id();
        message.visibleAt = now + visibilityTimeout;
        wakeAt(message);
      }
      return received;
    },
    delete(receipt) {
      const message = byReceipt(receipt);
      if (message) remove(message);
      return message !== undefined;
    },
    changeVisibility(receipt, ms) {
      const message = byReceipt(receipt);
      if (!message) return false;
      message.visibleAt = scheduler.now() + ms;
      wakeAt(message);
      return true;
    },
    purge() {
      const all = [...messages.values()];
      for (const message of all) remove(message);
      return all.length;
    },
    messages: () => [...messages.values()],
    visible: () => [...messages.values()].filter((m) => m.visibleAt <= scheduler.now()).length,
    consumeBy(listener) {
      consumer = listener;
      for (const message of messages.values()) wakeAt(message);
    },
  };
}
