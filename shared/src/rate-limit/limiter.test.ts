import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rememberingLog } from "../log.testkit.ts";
import { bucketOf, type RateLimit } from "./bucket.ts";
import { bucketsInMemory } from "./buckets.testkit.ts";
import { type Buckets, createRateLimiter } from "./limiter.ts";

const START = 1_795_000_000_000;
const LIMIT = { rate: 100, burst: 200 };

/** So many processes over the same buckets, with one clock. */
function world(limit: RateLimit, processes: number, buckets: Buckets = bucketsInMemory(limit)) {
  const clock = { now: START };
  const { log, lines } = rememberingLog();
  const limiters = Array.from({ length: processes }, () =>
    createRateLimiter({ limit, buckets, now: () => clock.now }),
  );
  const admit = async (userId: string, process = 0) =>
    (await limiters[process % processes]?.admit(userId, log)) ?? { admitted: false, retryIn: 0 };
  return { clock, log, lines, limiters, admit };
}

/** Requests one after the other: where each arrives, and how many milliseconds after the one before. */
const requests = (processes: number) =>
  fc.array(
    fc.record({
      process: fc.nat(processes - 1),
      pause: fc.oneof(
        { weight: 20, arbitrary: fc.constant(0) },
        { weight: 20, arbitrary: fc.nat(20) },
        { weight: 2, arbitrary: fc.nat(1_500) },
      ),
      atOnce: fc.oneof(
        { weight: 8, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.nat(40) },
      ),
    }),
    { minLength: 50, maxLength: 300 },
  );

describe("a limit shared by several processes", () => {
  it("admits no more than burst + rate × t over any time, however requests come", async () => {
    const cases = fc
      .record({
        rate: fc.constantFrom(1, 7, 100, 1_000),
        ahead: fc.integer({ min: 1, max: 300 }),
        processes: fc.integer({ min: 1, max: 6 }),
      })
      .chain((some) => fc.tuple(fc.constant(some), requests(some.processes)));
    await fc.assert(
      fc.asyncProperty(cases, async ([{ rate, ahead, processes }, schedule]) => {
        const limit = { rate, burst: rate + ahead };
        const { clock, admit } = world(limit, processes);
        const admitted: number[] = [];
        for (const { process, pause, atOnce } of schedule) {
          clock.now += pause;
          const answers = await Promise.all(
            Array.from({ length: atOnce }, () => admit("ann", process)),
          );
          for (const answer of answers) if (answer.admitted) admitted.push(clock.now);
        }
        expect(largestExcess(admitted, limit)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 100 },
    );
  });

  it("never refuses who makes half as many as may be made, over however many processes", async () => {
    const cases = fc.record({
      processes: fc.integer({ min: 1, max: 12 }),
      where: fc.array(fc.nat(11), { minLength: 400, maxLength: 400 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ processes, where }) => {
        const { clock, admit } = world(LIMIT, processes);
        for (const process of where) {
          clock.now += 20;
          expect(await admit("ann", process)).toEqual({ admitted: true });
        }
      }),
      { numRuns: 25 },
    );
  });

  it("lets a page ask for many things at once, each of which meets a process of its own", async () => {
    const { admit } = world(LIMIT, 90);
    const answers = await Promise.all(
      Array.from({ length: 90 }, (_, process) => admit("ann", process)),
    );
    expect(answers.filter(({ admitted }) => !admitted)).toEqual([]);
  });

  it("lets a user have the whole rate who makes more than that for long", async () => {
    const { clock, admit } = world(LIMIT, 3);
    let admitted = 0;
    for (let request = 0; request < 6_000; request++) {
      clock.now += 5;
      if ((await admit("ann", request)).admitted) admitted += 1;
    }
    // Thirty seconds: 3,000 by the rate, and the burst at the beginning.
    expect(admitted).toBeGreaterThan(2_850);
    expect(admitted).toBeLessThanOrEqual(3_200);
  });

  it("does not count what others do", async () => {
    const { admit } = world(LIMIT, 2);
    const eve = await Promise.all(Array.from({ length: 500 }, (_, index) => admit("eve", index)));
    expect(eve.filter(({ admitted }) => !admitted).length).toBeGreaterThan(250);
    expect(await admit("ann")).toEqual({ admitted: true });
  });
});

describe("the calls that it costs", () => {
  it("are one for twenty requests of a busy user, and one for a single request", async () => {
    const buckets = bucketsInMemory(LIMIT);
    const { clock, admit } = world(LIMIT, 1, buckets);
    await admit("ann");
    expect(buckets.calls).toBe(1);
    for (let request = 1; request < 1_000; request++) {
      clock.now += 11;
      await admit("ann");
    }
    // Five to become twenty (1, 2, 4, 8, 16), then one for twenty.
    expect(buckets.calls).toBe(5 + Math.ceil((1_000 - 31) / 20));
  });

  it("are one for many requests that come at once", async () => {
    const buckets = bucketsInMemory(LIMIT);
    const { admit } = world(LIMIT, 1, buckets);
    await Promise.all(Array.from({ length: 60 }, () => admit("ann")));
    expect(buckets.calls).toBeLessThanOrEqual(5);
  });

  it("are some fifteen a second for who makes far too many", async () => {
    const buckets = bucketsInMemory(LIMIT);
    const { clock, admit } = world(LIMIT, 1, buckets);
    for (let request = 0; request < 10_000; request++) {
      clock.now += 1;
      await admit("eve");
    }
    expect(buckets.calls).toBeLessThanOrEqual(10 * 16);
  });

  it("are never more than one for each request, whoever makes it", async () => {
    const users = fc.array(
      fc.record({ user: fc.constantFrom("ann", "bob", "cy"), pause: fc.nat(2_500) }),
      { maxLength: 200 },
    );
    await fc.assert(
      fc.asyncProperty(users, async (schedule) => {
        const buckets = bucketsInMemory(LIMIT);
        const { clock, admit } = world(LIMIT, 1, buckets);
        for (const { user, pause } of schedule) {
          clock.now += pause;
          await admit(user);
        }
        expect(buckets.calls).toBeLessThanOrEqual(schedule.length);
      }),
      { numRuns: 30 },
    );
  });

  it("forgets who was not seen for long, and keeps no more than ten thousand", async () => {
    const buckets = bucketsInMemory(LIMIT);
    const { admit } = world(LIMIT, 1, buckets);
    // Ann has a lease of two, of which one is left.
    await admit("ann");
    await admit("ann");
    for (let user = 0; user < 10_000; user++) await admit(`user-${user}`);
    const before = buckets.calls;
    await admit("ann");
    expect(buckets.calls).toBe(before + 1);
  });
});

describe("buckets that can't be reached", () => {
  it("let everybody through, are told once a second, and count again as soon as they can be", async () => {
    let down = true;
    let calls = 0;
    const good = bucketsInMemory(LIMIT);
    const buckets: Buckets = {
      lease: async (...asked) => {
        calls += 1;
        if (down) throw new Error("ThrottlingException");
        return good.lease(...asked);
      },
    };
    const { clock, admit, lines } = world(LIMIT, 1, buckets);
    const some = (count: number, userId: string) =>
      Promise.all(Array.from({ length: count }, (_, index) => admit(`${userId}${index % 7}`)));
    for (let second = 0; second < 3; second++) {
      const answers = await some(500, "user");
      expect(answers.every(({ admitted }) => admitted)).toBe(true);
      clock.now += 1_000;
    }
    // Seven users ask at the same time before the first of them is disappointed.
    expect(calls).toBeLessThanOrEqual(3 * 7);
    expect(lines.filter((line) => line.RateLimitUnavailable === 1)).toHaveLength(calls);
    down = false;
    const answers = await some(3_000, "other");
    expect(answers.some(({ admitted }) => !admitted)).toBe(true);
  });
});

describe("a bucket", () => {
  it.each([
    [100, 100],
    [100, 50],
    [0, 10],
    [-1, 10],
  ])("of %d a second and %d at once is no limit that can be held", (rate, burst) => {
    expect(() => bucketOf({ rate, burst })).toThrow(/needs a burst/);
  });
});

/** How many requests more than allowed there are in the worst of all intervals; at most 0 if the limit holds. */
function largestExcess(times: number[], { rate, burst }: RateLimit): number {
  // Over times[i]…times[j]: (j - i + 1) - rate × (t[j] - t[i]) - burst, with the best i kept on the way.
  let best = Number.NEGATIVE_INFINITY;
  let worst = Number.NEGATIVE_INFINITY;
  for (const [index, time] of times.entries()) {
    const seconds = (time - START) / 1_000;
    best = Math.max(best, rate * seconds - index);
    worst = Math.max(worst, index + 1 - rate * seconds + best - burst);
  }
  return worst;
}
