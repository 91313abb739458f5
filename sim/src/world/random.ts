import { createHash } from "node:crypto";

/** Chance that can be had again: everything that is drawn follows from one seed. */
export interface Random {
  /** From 0 to 1, without 1. */
  next(): number;
  /** A whole number from 0 to below `limit`. */
  int(limit: number): number;
  /** A number from `low` to `high`. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  /** One of the items, which must not be none. */
  pick<T>(items: readonly T[]): T;
  /** The items in another order. */
  shuffled<T>(items: readonly T[]): T[];
  /** Another source that depends on this seed and the name, and not on what was drawn before. */
  fork(name: string): Random;
}

/** The generator sfc32, whose state is the SHA-256 of the seed. */
export function createRandom(seed: string): Random {
  const digest = createHash("sha256").update(seed).digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => digest.readUInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ];

  function next(): number {
    const sum = (((a + b) >>> 0) + d) >>> 0;
    d = (d + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + sum) >>> 0;
    return sum / 2 ** 32;
  }

  const random: Random = {
    next,
    int: (limit) => Math.floor(next() * limit),
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick(items) {
      const item = items[random.int(items.length)];
      if (item === undefined) throw new Error("There is nothing to pick from.");
      return item;
    },
    shuffled(items) {
      const rest = [...items];
      for (let at = rest.length - 1; at > 0; at--) {
        const other = random.int(at + 1);
        [rest[at], rest[other]] = [rest[other] as never, rest[at] as never];
      }
      return rest;
    },
    fork: (name) => createRandom(`${seed}/${name}`),
  };
  // The first numbers after a seed are the least mixed ones.
  for (let round = 0; round < 12; round++) next();
  return random;
}
