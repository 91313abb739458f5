import { setTimeout as pause } from "node:timers/promises";
import type { SqsSender } from "../eventbridge/delivery.ts";
import type { Chaos } from "./chaos.ts";

/**
 * EventBridge's way to queues when it is rough: events arrive late, in another order and twice. Each
 * is sent alone, so that one that is held back holds up no other. Nothing is lost: an event counts as
 * sent when its last copy is in the queue.
 */
export function chaoticSender(sender: SqsSender, chaos: Chaos): SqsSender {
  return {
    async send(queueArn, body, attributes) {
      const { delay, twice } = chaos.next(queueArn);
      if (twice) await sender.send(queueArn, body, attributes);
      if (delay > 0) await pause(delay);
      await sender.send(queueArn, body, attributes);
    },
  };
}
