import type { Logger } from "./logger.ts";

/** An event that a bus accepted, as JSON text: the envelope, with `replay-name` when it was replayed. */
export interface TappedEvent {
  busName: string;
  body: string;
  /** The ARNs of the queues that rules send it to. */
  queueArns: string[];
}

export type TapListener = (event: TappedEvent) => void;

/** Lets a viewer see what crosses the buses without ever holding them up. */
export interface Tap {
  /** Adds a listener and returns the function that removes it. */
  listen(listener: TapListener): () => void;
  saw(event: TappedEvent): void;
}

/** Events waiting for the listeners; what comes on top within one turn of the event loop is not shown (but counted in the log). */
const CAPACITY = 1000;

export function newTap(logger: Logger): Tap {
  const listeners = new Set<TapListener>();
  let waiting: TappedEvent[] = [];
  let skipped = 0;
  const flush = () => {
    const events = waiting;
    waiting = [];
    if (skipped > 0) logger.warn({ skipped }, "the event view could not follow the bus");
    skipped = 0;
    for (const listener of listeners) {
      try {
        for (const event of events) listener(event);
      } catch (error) {
        logger.error({ error }, "a listener of the event view failed and was removed");
        listeners.delete(listener);
      }
    }
  };
  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    saw(event) {
      if (listeners.size === 0) return;
      if (waiting.length === CAPACITY) {
        skipped += 1;
        return;
      }
      waiting.push(event);
      if (waiting.length === 1) setImmediate(flush);
    },
  };
}
