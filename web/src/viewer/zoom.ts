/** How a picture lies on the stage: moved from its middle by pixels, and enlarged. 1 fits the stage. */
export interface Lie {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const FITTED: Lie = { scale: 1, x: 0, y: 0 };

/** The largest size at which a picture is wholly on the stage; small pictures are not enlarged. */
export function fit(picture: Size, stage: Size): Size {
  const scale = Math.min(stage.width / picture.width, stage.height / picture.height, 1);
  return { width: picture.width * scale, height: picture.height * scale };
}

/** How far in one may go: to twice the picture's own pixels, and at least four times. */
export function deepest(picture: Size, fitted: Size): number {
  return Math.max(4, (2 * picture.width) / Math.max(1, fitted.width));
}

/**
 * Enlarges by a factor around a point of the stage, which stays under the finger.
 *
 * @param point from the middle of the stage
 */
export function zoomAround(
  lie: Lie,
  factor: number,
  point: { x: number; y: number },
  bounds: { fitted: Size; stage: Size; deepest: number },
): Lie {
  const scale = Math.min(bounds.deepest, Math.max(1, lie.scale * factor));
  const real = scale / lie.scale;
  return within(
    { scale, x: point.x - (point.x - lie.x) * real, y: point.y - (point.y - lie.y) * real },
    bounds,
  );
}

/** No nearer to the middle than needed: no edge of the picture comes into the stage that need not. */
export function within(lie: Lie, { fitted, stage }: { fitted: Size; stage: Size }): Lie {
  const room = (picture: number, of: number) => Math.max(0, (picture * lie.scale - of) / 2);
  const clamp = (value: number, most: number) => Math.min(most, Math.max(-most, value)) || 0;
  return {
    scale: lie.scale,
    x: clamp(lie.x, room(fitted.width, stage.width)),
    y: clamp(lie.y, room(fitted.height, stage.height)),
  };
}
