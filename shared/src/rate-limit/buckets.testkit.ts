import { bucketOf, type RateLimit, roomIn } from "./bucket.ts";
import type { Buckets } from "./limiter.ts";

/** Buckets in memory, which do what those in the table do (a test holds them to it), and count how often they are asked. */
export function bucketsInMemory(limit: RateLimit): Buckets & { calls: number } {
  const bucket = bucketOf(limit);
  const paidOff = new Map<string, number>();
  return {
    calls: 0,
    async lease(userId, wanted, now) {
      this.calls += 1;
      const before = Math.max(paidOff.get(userId) ?? 0, now * 1_000);
      const room = roomIn(bucket, before, now);
      if (room.requests === 0) return { retryIn: room.inMilliseconds };
      const granted = Math.min(wanted, room.requests);
      paidOff.set(userId, before + granted * bucket.perRequest);
      return { granted };
    },
  };
}
