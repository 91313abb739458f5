/** Four bits a channel: coarse enough that one surface falls into few bins. */
const BITS = 4;
const BINS = 1 << (BITS * 3);

/**
 * The mean of the most frequent colour bin of RGBA pixels as `#rrggbb`. Pixels count by their
 * opacity; a wholly transparent picture is white, which is what it is shown on.
 */
export function dominantColor(rgba: Uint8Array): string {
  const sums = Array.from({ length: 4 }, () => new Float64Array(BINS));
  const [weights, reds, greens, blues] = sums as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let best = 0;
  for (let i = 0; i + 3 < rgba.length; i += 4) {
    const red = rgba[i] ?? 0;
    const green = rgba[i + 1] ?? 0;
    const blue = rgba[i + 2] ?? 0;
    const alpha = rgba[i + 3] ?? 0;
    const bin = ((red >> BITS) << (2 * BITS)) | ((green >> BITS) << BITS) | (blue >> BITS);
    add(weights, bin, alpha);
    add(reds, bin, red * alpha);
    add(greens, bin, green * alpha);
    add(blues, bin, blue * alpha);
    if ((weights[bin] ?? 0) > (weights[best] ?? 0)) best = bin;
  }
  const weight = weights[best] ?? 0;
  if (weight === 0) return "#ffffff";
  return `#${[reds, greens, blues].map((sum) => hex((sum[best] ?? 0) / weight)).join("")}`;
}

function add(sums: Float64Array, bin: number, value: number): void {
  sums[bin] = (sums[bin] ?? 0) + value;
}

function hex(channel: number): string {
  return Math.round(channel).toString(16).padStart(2, "0");
}
