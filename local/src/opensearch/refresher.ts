import type { Index } from "./indices.ts";
import { parseDuration } from "./settings.ts";

const DEFAULT_INTERVAL = "1s";
// OpenSearch's index.max_refresh_listeners: beyond it a waiting write refreshes at once.
const MAX_WAITING = 1000;

/** Makes writes visible when the index's refresh interval says so, and tells those who wait for it. */
export type Refresher = {
  /** To be called after each write. */
  written(index: Index): void;
  refresh(index: Index): void;
  /** Calls back after the next refresh, at once when nothing waits to become visible. */
  afterRefresh(index: Index, done: () => void): void;
  /** The refresh interval may have changed. */
  rearm(index: Index): void;
  forget(index: Index): void;
  close(): void;
};

export function createRefresher(): Refresher {
  const timers = new Map<Index, NodeJS.Timeout>();
  const waiting = new Map<Index, (() => void)[]>();

  function disarm(index: Index): void {
    clearTimeout(timers.get(index));
    timers.delete(index);
  }

  function notify(index: Index): void {
    const done = waiting.get(index) ?? [];
    waiting.delete(index);
    for (const callback of done) callback();
  }

  function refresh(index: Index): void {
    disarm(index);
    if (index.store.dirty) index.store.refresh();
    notify(index);
  }

  function arm(index: Index): void {
    if (timers.has(index) || !index.store.dirty) return;
    const setting = index.settings.refresh_interval ?? DEFAULT_INTERVAL;
    const interval = parseDuration(setting, "index.refresh_interval");
    if (interval < 0) return;
    timers.set(
      index,
      setTimeout(() => refresh(index), interval),
    );
  }

  return {
    written: arm,
    refresh,
    afterRefresh(index, done) {
      const callbacks = waiting.get(index) ?? [];
      callbacks.push(done);
      waiting.set(index, callbacks);
      if (!index.store.dirty) notify(index);
      else if (callbacks.length > MAX_WAITING) refresh(index);
    },
    rearm(index) {
      disarm(index);
      arm(index);
    },
    forget(index) {
      disarm(index);
      notify(index);
    },
    close() {
      for (const index of timers.keys()) disarm(index);
    },
  };
}
