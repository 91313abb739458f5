import type { Row } from "./justify.ts";

/** Where the keys lead from a picture. */
export type Direction = "left" | "right" | "up" | "down" | "first" | "last";

/** The picture that a key leads to; the same one at the edges. */
export function neighbour(rows: Row[], from: number, direction: Direction, count: number): number {
  switch (direction) {
    case "left":
      return Math.max(0, from - 1);
    case "right":
      return Math.min(count - 1, from + 1);
    case "first":
      return 0;
    case "last":
      return count - 1;
    case "up":
      return acrossRows(rows, from, -1);
    case "down":
      return acrossRows(rows, from, 1);
    default:
      return direction satisfies never;
  }
}

/** The picture of the next row of pictures whose middle is the nearest. */
function acrossRows(rows: Row[], from: number, step: 1 | -1): number {
  const start = rowOf(rows, from);
  const middle = middleOf(rows[start], from);
  for (let at = start + step; at >= 0 && at < rows.length; at += step) {
    const row = rows[at];
    if (row?.kind !== "photos") continue;
    const distance = (index: number) => Math.abs(middleOf(row, index) - middle);
    return row.placed.reduce(
      (best, { index }) => (distance(index) < distance(best) ? index : best),
      row.placed[0]?.index ?? from,
    );
  }
  return from;
}

/** The row that a picture is in; -1 for none. */
export function rowOf(rows: Row[], index: number): number {
  let [low, high] = [0, rows.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const first = firstIn(rows, middle);
    const row = rows[middle];
    const length = row?.kind === "photos" ? row.placed.length : 0;
    if (index < first) high = middle - 1;
    else if (index >= first + length) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** The first picture at or after a row. */
function firstIn(rows: Row[], at: number): number {
  for (let next = at; next < rows.length; next += 1) {
    const row = rows[next];
    if (row?.kind === "photos") return row.placed[0]?.index ?? 0;
  }
  return Number.POSITIVE_INFINITY;
}

function middleOf(row: Row | undefined, index: number): number {
  const place = row?.kind === "photos" ? row.placed.find((one) => one.index === index) : undefined;
  return place ? place.left + place.width / 2 : 0;
}
