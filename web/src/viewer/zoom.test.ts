import fc from "fast-check";
import { expect, it } from "vitest";
import { deepest, FITTED, fit, zoomAround } from "./zoom.ts";

const stage = { width: 1_000, height: 600 };

it("a picture is wholly on the stage at first, and a small one is not blown up", () => {
  expect(fit({ width: 4_000, height: 3_000 }, stage)).toEqual({ width: 800, height: 600 });
  expect(fit({ width: 300, height: 200 }, stage)).toEqual({ width: 300, height: 200 });
});

it("whoever zooms out arrives where he began, and no gap opens between picture and stage", () => {
  const picture = { width: 4_000, height: 3_000 };
  const fitted = fit(picture, stage);
  const bounds = { fitted, stage, deepest: deepest(picture, fitted) };
  const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
  const steps = fc.array(
    fc.record({
      factor: fc.double({ min: 0.3, max: 3, noNaN: true }),
      x: coordinate,
      y: coordinate,
    }),
  );
  fc.assert(
    fc.property(steps, (all) => {
      const lie = all.reduce(
        (was, { factor, x, y }) => zoomAround(was, factor, { x, y }, bounds),
        FITTED,
      );
      expect(lie.scale).toBeGreaterThanOrEqual(1);
      expect(lie.scale).toBeLessThanOrEqual(bounds.deepest);
      const spare = Math.max(0, (fitted.width * lie.scale - stage.width) / 2);
      expect(Math.abs(lie.x)).toBeLessThanOrEqual(spare + 0.01);
      expect(zoomAround(lie, 0.0001, { x: 0, y: 0 }, bounds)).toEqual(FITTED);
    }),
  );
});

it("the point under the finger stays under the finger", () => {
  const bounds = { fitted: stage, stage, deepest: 10 };
  const closer = zoomAround(FITTED, 2, { x: 100, y: -50 }, bounds);
  expect(closer).toEqual({ scale: 2, x: -100, y: 50 });
});
