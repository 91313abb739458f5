/** How often and how patiently something is tried. */
export interface RetryOptions {
  /** Attempts, the first one included (5). */
  attempts?: number;
  /** Milliseconds before the second attempt, at most; it doubles with each (250). */
  firstDelay?: number;
  /** Milliseconds between two attempts, at most (30,000). Who is told to wait longer by `Retry-After` fails at once. */
  longestDelay?: number;
}

export type Retry = Required<RetryOptions>;

export function retryWith(options: RetryOptions = {}): Retry {
  return { attempts: 5, firstDelay: 250, longestDelay: 30_000, ...options };
}

/**
 * Milliseconds before the next attempt; undefined when there is none. Chance spreads those who failed together.
 *
 * @param attempt the one that failed, from 1
 * @param retryAfter seconds that the answer asked for
 */
export function delayAfter(
  attempt: number,
  { attempts, firstDelay, longestDelay }: Retry,
  retryAfter?: number,
  chance: () => number = Math.random,
): number | undefined {
  if (attempt >= attempts) return undefined;
  const asked = (retryAfter ?? 0) * 1_000;
  if (asked > longestDelay) return undefined;
  const backoff = chance() * Math.min(longestDelay, firstDelay * 2 ** (attempt - 1));
  return Math.min(longestDelay, asked + backoff);
}

/** Seconds in a `Retry-After` header, which is a number or a date; undefined without one. */
export function secondsIn(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now) / 1_000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

/** @throws the signal's reason when it is aborted before */
export function sleep(milliseconds: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
