/** A value that was measured several times: its median, and the quartiles that half of the values lie between. */
export interface Spread {
  median: number;
  low: number;
  high: number;
}

/**
 * The value below which this share of the values lies (0–1), interpolated between neighbours.
 *
 * @throws Error when there are none
 */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new Error("Nothing was measured.");
  return below + (above - below) * (place - Math.floor(place));
}

export function spreadOf(values: number[]): Spread {
  return {
    median: quantile(values, 0.5),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
  };
}

/** The same measured value, of ours and of the peer's, of each round. */
export interface Rounds {
  ours: number[];
  peer: number[];
}

/**
 * Ours over the peer's, round by round: what slows the machine for a while slows both of a round, and
 * is not in their ratio.
 */
export function ratioOf({ ours, peer }: Rounds): Spread {
  return spreadOf(ours.map((value, round) => value / (peer[round] ?? Number.NaN)));
}
