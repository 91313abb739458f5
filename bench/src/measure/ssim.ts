/** Brightness of a picture, row by row, 0–255. */
export interface Luma {
  values: Uint8Array;
  width: number;
  height: number;
}

/** Pixels. Windows of eight, four apart, made of four blocks of four each: every pixel is read once. */
const BLOCK = 4;
const WINDOW_PIXELS = (2 * BLOCK) ** 2;

/** What keeps dark and flat windows from dividing by nothing: (0.01 × 255)² and (0.03 × 255)². */
const C1 = 6.5025;
const C2 = 58.5225;

/**
 * How like each other two pictures of the same size look: the mean structural similarity (Wang,
 * Bovik, Sheikh, Simoncelli 2004) of their brightness over windows of 8 × 8. 1 for the same pictures,
 * and the lower the more of the structure is lost. Pixels right and below of the last whole block
 * do not count.
 *
 * @throws Error when the sizes differ, or when there is no room for a window
 */
export function ssim(one: Luma, other: Luma): number {
  if (one.width !== other.width || one.height !== other.height) {
    throw new Error("Only pictures of the same size can be compared.");
  }
  const columns = Math.floor(one.width / BLOCK);
  const rows = Math.floor(one.height / BLOCK);
  if (columns < 2 || rows < 2) throw new Error("There is no room for a window of 8 × 8.");
  let above = blocksOf(one, other, 0, columns);
  let sum = 0;
  for (let row = 1; row < rows; row++) {
    const below = blocksOf(one, other, row, columns);
    for (let column = 1; column < columns; column++) {
      const of = (part: Float64Array) => at(part, column - 1) + at(part, column);
      sum += similarity(
        of(above.one) + of(below.one),
        of(above.other) + of(below.other),
        of(above.squares) + of(below.squares),
        of(above.products) + of(below.products),
      );
    }
    above = below;
  }
  return sum / ((rows - 1) * (columns - 1));
}

/** Of a window, from its sums: of both pictures, of the squares of both together, and of the products. */
function similarity(one: number, other: number, squares: number, products: number): number {
  const n = WINDOW_PIXELS;
  const meansProduct = (one * other) / n ** 2;
  const meansSquares = (one * one + other * other) / n ** 2;
  const variances = squares / n - meansSquares;
  const covariance = products / n - meansProduct;
  return (
    ((2 * meansProduct + C1) * (2 * covariance + C2)) / ((meansSquares + C1) * (variances + C2))
  );
}

/** The sums of each block of a row of blocks. */
function blocksOf(a: Luma, b: Luma, row: number, columns: number) {
  const [one, other, squares, products] = Array.from(
    { length: 4 },
    () => new Float64Array(columns),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  for (let y = row * BLOCK; y < (row + 1) * BLOCK; y++) {
    for (let x = 0; x < columns * BLOCK; x++) {
      const p = at(a.values, y * a.width + x);
      const q = at(b.values, y * a.width + x);
      const block = Math.floor(x / BLOCK);
      one[block] = at(one, block) + p;
      other[block] = at(other, block) + q;
      squares[block] = at(squares, block) + p * p + q * q;
      products[block] = at(products, block) + p * q;
    }
  }
  return { one, other, squares, products };
}

function at(values: Uint8Array | Float64Array, index: number): number {
  return values[index] ?? 0;
}

/** Brightness of interleaved RGB (ITU-R BT.601, which JPEG and WebP encode by). */
export function lumaOf(rgb: Uint8Array, width: number, height: number): Luma {
  const values = new Uint8Array(width * height);
  for (let i = 0; i < values.length; i++) {
    const [red, green, blue] = [at(rgb, 3 * i), at(rgb, 3 * i + 1), at(rgb, 3 * i + 2)];
    values[i] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  }
  return { values, width, height };
}
