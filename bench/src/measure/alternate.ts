import type { Rounds } from "./statistics.ts";

/**
 * Measures two things side by side, in rounds of one each that begin with the one and the other in
 * turn: what the machine does besides, and what warms up or wears out, meets both alike. One round
 * before the others warms up and does not count.
 *
 * @param measure what gives one round's value, in any unit that is the same for both
 */
export async function alternate(
  rounds: number,
  measure: { ours: () => Promise<number>; peer: () => Promise<number> },
): Promise<Rounds> {
  const measured: Rounds = { ours: [], peer: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const who of round % 2 === 0 ? (["ours", "peer"] as const) : (["peer", "ours"] as const)) {
      const value = await measure[who]();
      if (round > 0) measured[who].push(value);
    }
  }
  return measured;
}
