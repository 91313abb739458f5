import { watch } from "node:fs";
import type { Logger } from "pino";
import { pause } from "./pause.ts";

/**
 * How a reader waits when there was nothing new. It is called before the read, so that a change during the read is not
 * missed; what it returns is called after a read that brought nothing.
 */
export type IdleWait = () => (signal: AbortSignal) => Promise<void>;

/** Looks again after a fixed time. */
export function pollEvery(ms: number): IdleWait {
  return () => (signal) => pause(ms, signal);
}

/** A change is looked at this much later: by then the write is committed, and its companions are in. */
const SETTLE_MS = 2;
/** The least between two looks, so that a busy database does not keep its readers busy for nothing. */
const LEAST_MS = 20;
/** A change may go unseen; a look is taken anyway after this time. */
const MOST_MS = 1000;

/**
 * Looks again when a file in a directory changes, the one where the local database keeps its data. One look costs
 * about 2 ms of CPU, so polling 20 times a second would cost each idle stream 5 % of a core, and be later.
 */
export function watchDirectory(directory: string, log: Logger): { idle: IdleWait; close(): void } {
  let next = Promise.withResolvers<void>();
  const watcher = watch(directory, { persistent: false }, () => {
    next.resolve();
    next = Promise.withResolvers<void>();
  });
  watcher.on("error", (error) => log.warn({ directory, err: error }, "changes are not watched"));
  const idle: IdleWait = () => {
    const changed = next.promise;
    const began = performance.now();
    return async (signal) => {
      const enough = Promise.withResolvers<void>();
      const stop = () => enough.resolve();
      const timer = setTimeout(stop, MOST_MS);
      signal.addEventListener("abort", stop, { once: true });
      await Promise.race([changed, enough.promise]);
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      await pause(Math.max(SETTLE_MS, LEAST_MS - (performance.now() - began)), signal);
    };
  };
  return { idle, close: () => watcher.close() };
}
