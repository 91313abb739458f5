/** A picture's place in its row, in pixels. */
export interface Placed {
  /** Which of the pictures, counted from 0. */
  index: number;
  left: number;
  width: number;
}

/** One line of the grid: a month's heading, or pictures side by side. */
export type Row =
  | { kind: "heading"; month: string; height: number }
  | { kind: "photos"; month: string; height: number; placed: Placed[] };

export interface Frame {
  /** Pixels that a row fills. */
  width: number;
  /** About how high a row should be, in pixels. */
  target: number;
  gap: number;
  /** Pixels of a month's heading. */
  heading: number;
}

/** Pictures that are wider than this are shown as if they were not, or a row would be a stripe. */
const [NARROWEST, WIDEST] = [0.5, 3];

/**
 * Lays pictures out in rows of equal width without cropping them, month by month. A row is closed by
 * the first picture that makes it low enough, so rows never change when more pictures follow: only
 * the last row of all may still be filled.
 *
 * @param pictures in their order, with width over height and the month they belong to; months that are
 *   empty get no heading
 */
export function justify(pictures: { aspect: number; month: string }[], frame: Frame): Row[] {
  const rows: Row[] = [];
  let open: { index: number; aspect: number }[] = [];
  let month: string | undefined;
  const close = (complete: boolean) => {
    if (open.length > 0 && month !== undefined) rows.push(rowOf(open, month, frame, complete));
    open = [];
  };
  for (const [index, picture] of pictures.entries()) {
    if (picture.month !== month) {
      close(false);
      month = picture.month;
      if (month !== "") rows.push({ kind: "heading", month, height: frame.heading });
    }
    open.push({ index, aspect: Math.min(WIDEST, Math.max(NARROWEST, picture.aspect)) });
    if (heightOf(open, frame) <= frame.target) close(true);
  }
  close(false);
  return rows;
}

/** How high a row would be that these pictures fill. */
function heightOf(open: { aspect: number }[], { width, gap }: Frame): number {
  const aspects = open.reduce((sum, { aspect }) => sum + aspect, 0);
  return (width - gap * (open.length - 1)) / aspects;
}

function rowOf(
  open: { index: number; aspect: number }[],
  month: string,
  frame: Frame,
  complete: boolean,
): Row {
  const full = heightOf(open, frame);
  // A row that is not full keeps its pictures as high as the others are.
  const height = complete ? full : Math.min(full, frame.target);
  let left = 0;
  const placed = open.map(({ index, aspect }) => {
    const width = aspect * height;
    const place = { index, left, width };
    left += width + frame.gap;
    return place;
  });
  return { kind: "photos", month, height, placed };
}
