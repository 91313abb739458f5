/**
 * EXIF's eight orientations as what has to be done to the stored pixels, in this order: mirror, then
 * turn clockwise.
 */
export interface Turn {
  mirror: "none" | "left-right" | "top-bottom";
  degrees: 0 | 90 | 180 | 270;
}

const turns: Record<number, Turn> = {
  1: { mirror: "none", degrees: 0 },
  2: { mirror: "left-right", degrees: 0 },
  3: { mirror: "none", degrees: 180 },
  4: { mirror: "top-bottom", degrees: 0 },
  5: { mirror: "top-bottom", degrees: 90 },
  6: { mirror: "none", degrees: 90 },
  7: { mirror: "left-right", degrees: 90 },
  8: { mirror: "none", degrees: 270 },
};

const UPRIGHT: Turn = { mirror: "none", degrees: 0 };

/** What an orientation tag asks for; a value that EXIF does not know asks for nothing. */
export function turnOf(orientation: number | undefined): Turn {
  return turns[orientation ?? 1] ?? UPRIGHT;
}

/** True when width and height change places. */
export function isQuarter(turn: Turn): boolean {
  return turn.degrees === 90 || turn.degrees === 270;
}
