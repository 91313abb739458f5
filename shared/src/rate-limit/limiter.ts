import type { Logger } from "../log.ts";
import { measure } from "../metrics.ts";
import { type Bucket, bucketOf, LEASE_LIFE, type RateLimit } from "./bucket.ts";

/** What a store answers: requests that are now this process's to admit, or when there may be one. */
export type Leased = { granted: number } | { retryIn: number };

/** Where the buckets are that all processes share. */
export interface Buckets {
  /** Takes up to `wanted` requests out of the user's bucket, at least one, or none. `now` in ms. */
  lease(userId: string, wanted: number, now: number): Promise<Leased>;
}

export type Admission = { admitted: true } | { admitted: false; retryIn: number };

export interface RateLimiter {
  /** Whether the user may make one more request; `retryIn` is in milliseconds. Never throws. */
  admit(userId: string, log: Logger): Promise<Admission>;
}

/** A user's lease in this process. Times in ms. */
interface Lease {
  left: number;
  granted: number;
  wanted: number;
  until: number;
  refusedUntil: number;
  waiting: number;
  renewal: Promise<void> | undefined;
}

/** Users whose leases a process remembers: the least recently seen is forgotten, and leases again. */
const MAX_LEASES = 10_000;
/** Milliseconds for which no bucket is asked for after one could not be reached. */
const PAUSE_AFTER_FAILURE = 1_000;
/** How often a request waits for a lease that others use up, or that comes too late to be used. */
const MOST_RENEWALS = 50;

/**
 * Admits requests by leases: a process takes some of a user's requests out of the shared bucket and
 * admits them by itself, so that most requests of a busy user cost no call. A lease is as large as the
 * user is busy here: it begins with one request and doubles while it is used up within its life, so a user
 * whose requests spread over many processes does not lose what none of them spends. A refusal is
 * remembered until a lease would be worth its call.
 *
 * When the buckets can't be reached, all requests are admitted (and measured) for a second: the limit keeps
 * users from each other's way, and must not be a way to take the service down.
 */
export function createRateLimiter(options: {
  limit: RateLimit;
  buckets: Buckets;
  now?: () => number;
}): RateLimiter {
  const { buckets, now = Date.now } = options;
  const bucket = bucketOf(options.limit);
  const leases = new Map<string, Lease>();
  let unreachableUntil = 0;

  /** The user's lease, now the most recently seen. */
  function leaseOf(userId: string): Lease {
    const known = leases.get(userId);
    leases.delete(userId);
    const lease = known ?? noLease();
    leases.set(userId, lease);
    if (leases.size > MAX_LEASES) {
      const [oldest] = leases.keys();
      if (oldest !== undefined) leases.delete(oldest);
    }
    return lease;
  }

  async function renew(userId: string, lease: Lease, log: Logger): Promise<void> {
    const at = now();
    const wanted = Math.min(Math.max(nextSize(lease, at), lease.waiting), bucket.largestLease);
    try {
      const leased = await buckets.lease(userId, wanted, at);
      if ("retryIn" in leased) {
        lease.refusedUntil = at + Math.max(leased.retryIn, worthACall(bucket));
        return;
      }
      lease.wanted = wanted;
      lease.granted = leased.granted;
      lease.left = leased.granted;
      lease.until = at + LEASE_LIFE;
    } catch (error) {
      unreachableUntil = now() + PAUSE_AFTER_FAILURE;
      log.warn({ err: error }, "the rate limit can't be asked for; requests go through uncounted");
      measure(log, { RateLimitUnavailable: 1 });
    }
  }

  return {
    async admit(userId, log) {
      const lease = leaseOf(userId);
      for (let renewals = 0; renewals < MOST_RENEWALS; renewals++) {
        const at = now();
        if (lease.left > 0 && at < lease.until) {
          lease.left -= 1;
          return { admitted: true };
        }
        if (at < lease.refusedUntil) return { admitted: false, retryIn: lease.refusedUntil - at };
        if (at < unreachableUntil) return { admitted: true };
        lease.waiting += 1;
        lease.renewal ??= renew(userId, lease, log).finally(() => {
          lease.renewal = undefined;
        });
        await lease.renewal;
        lease.waiting -= 1;
      }
      // More at once than several leases hold: as good as refused by the bucket.
      return { admitted: false, retryIn: worthACall(bucket) };
    },
  };
}

function noLease(): Lease {
  return {
    left: 0,
    granted: 0,
    wanted: 0,
    until: 0,
    refusedUntil: 0,
    waiting: 0,
    renewal: undefined,
  };
}

/** As many as were spent of the last one, twice that when it was used up; one after a pause. */
function nextSize({ left, granted, wanted, until }: Lease, now: number): number {
  if (now >= until + LEASE_LIFE) return 1;
  return Math.max(1, left === 0 ? wanted * 2 : granted - left);
}

/** Milliseconds in which the largest lease fills up: to ask more often would bring less each time. */
function worthACall({ perRequest, largestLease }: Bucket): number {
  return Math.ceil((perRequest * largestLease) / 1_000);
}
