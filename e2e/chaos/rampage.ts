import { setTimeout as pause } from "node:timers/promises";
import { type System, startSystem } from "../system.ts";

/** Milliseconds between a start and the next kill: long enough for some work, short enough to be in the middle of it. */
const LEAST = 3_000;
const MOST = 6_000;
/** Kills at most; what is not done by then is done in peace. */
const KILLS = 10;

export interface Rampage {
  readonly system: System;
  readonly kills: number;
  /** Lets the system live from now on; resolves when it runs. */
  end(): Promise<void>;
}

/**
 * Kills every process of a system again and again, and starts it again on the same data folder.
 *
 * @param options of the system's n-th life after the first
 */
export function rampage(
  first: System,
  folder: string,
  options: (life: number) => string[],
): Rampage {
  const over = new AbortController();
  const state = { system: first, kills: 0 };
  const running = (async () => {
    while (!over.signal.aborted && state.kills < KILLS) {
      const life = LEAST + ((state.kills * 7_919) % (MOST - LEAST));
      await pause(life, undefined, { signal: over.signal }).catch(() => undefined);
      if (over.signal.aborted) return;
      await state.system.killAll();
      state.kills += 1;
      state.system = await startSystem(folder, ...options(state.kills));
    }
  })();
  // Told by `end`, when somebody listens.
  running.catch(() => undefined);
  return {
    get system() {
      return state.system;
    },
    get kills() {
      return state.kills;
    },
    async end() {
      over.abort();
      await running;
    },
  };
}
