import { setTimeout as delay } from "node:timers/promises";

/** Waits `ms`, or until the signal says to stop. It never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // The only way for the timer to reject is the abort, which is what the caller asked for.
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** A pause that doubles with every attempt (1, 2, 3…) and ends at `maximumMs`. */
export function growingPause(attempt: number, firstMs: number, maximumMs: number): number {
  return Math.min(maximumMs, firstMs * 2 ** (attempt - 1));
}
