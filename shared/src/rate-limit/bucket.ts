/**
 * A user's bucket of requests, as one number: the moment until which all that was leased is "paid
 * off" by time passing (the theoretical arrival time of the generic cell rate algorithm). Leasing
 * moves it ahead; a bucket is full when it lies in the past. Microseconds since the epoch, whole, so
 * that stores add without rounding. Pure: no store, no clock.
 */
export interface RateLimit {
  /** Requests a second that a user may make for ever. */
  rate: number;
  /**
   * Requests that a user may make above that in any time. Of them `burst - rate` are there at once
   * after a pause; the others are room for what was leased ahead.
   */
  burst: number;
}

/**
 * Milliseconds that a lease may be spent in. What was leased before an interval may be spent in it, so the bucket
 * itself holds as much less than `burst` as the rate yields in this time: over any interval of t seconds,
 * all processes together admit `burst + rate × t` requests at most.
 */
export const LEASE_LIFE = 1_000;

export interface Bucket {
  /** Microseconds that one request takes of the time that passes. */
  perRequest: number;
  /** Requests that it holds when it is full. */
  capacity: number;
  /** Requests that are leased at a time at most. */
  largestLease: number;
}

/** @throws Error when the burst leaves no room for what is leased ahead. */
export function bucketOf({ rate, burst }: RateLimit): Bucket {
  const capacity = Math.floor(burst - (rate * LEASE_LIFE) / 1_000);
  if (!(rate > 0) || capacity < 1) {
    throw new Error(
      `A rate of ${rate} requests a second needs a burst of at least ${Math.ceil(rate) + 1}, not ${burst}.`,
    );
  }
  return {
    perRequest: Math.ceil(1_000_000 / rate),
    capacity,
    // A fifth of a second's worth: a busy user costs a process about five calls a second.
    largestLease: Math.max(1, Math.min(Math.floor(rate / 5), Math.floor(capacity / 2))),
  };
}

/** How many requests could be leased now, and when (milliseconds from now) one could be if none can. */
export function roomIn(
  { perRequest, capacity }: Bucket,
  paidOffAt: number,
  now: number,
): { requests: number; inMilliseconds: number } {
  const nowMicros = now * 1_000;
  const free = nowMicros + capacity * perRequest - Math.max(paidOffAt, nowMicros);
  const requests = Math.max(0, Math.floor(free / perRequest));
  return { requests, inMilliseconds: requests > 0 ? 0 : Math.ceil((perRequest - free) / 1_000) };
}
