import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { justify } from "./justify.ts";
import { neighbour, rowOf } from "./neighbours.ts";

const frame = { width: 1_000, target: 240, gap: 4, heading: 64 };
const picture = fc.record({
  aspect: fc.double({ min: 0.1, max: 8, noNaN: true }),
  month: fc.constantFrom("2026-11", "2026-10"),
});
const library = fc
  .array(picture, { maxLength: 80 })
  .map((pictures) => pictures.toSorted((a, b) => (a.month < b.month ? 1 : -1)));

describe("rows of pictures", () => {
  it("fill the width exactly, are never higher than asked for and hold every picture once, in order", () => {
    fc.assert(
      fc.property(library, (pictures) => {
        const rows = justify(pictures, frame);
        const placed = rows.flatMap((row) => (row.kind === "photos" ? row.placed : []));
        expect(placed.map(({ index }) => index)).toEqual(pictures.map((_, index) => index));
        for (const row of rows) {
          if (row.kind !== "photos") continue;
          const last = row.placed.at(-1);
          expect((last?.left ?? 0) + (last?.width ?? 0)).toBeLessThanOrEqual(frame.width + 0.01);
          expect(row.height).toBeLessThanOrEqual(frame.target + 0.01);
        }
      }),
    );
  });

  it("stay where they are when more pictures follow: only the last one may still be filled", () => {
    fc.assert(
      fc.property(library, fc.nat(80), (pictures, loaded) => {
        const before = justify(pictures.slice(0, loaded), frame);
        const after = justify(pictures, frame);
        expect(after.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1));
      }),
    );
  });

  it("begin anew with every month, under its name", () => {
    const pictures = [
      { aspect: 1, month: "2026-11" },
      { aspect: 1, month: "2026-10" },
    ];
    expect(justify(pictures, frame).map(({ kind, month }) => [kind, month])).toEqual([
      ["heading", "2026-11"],
      ["photos", "2026-11"],
      ["heading", "2026-10"],
      ["photos", "2026-10"],
    ]);
    const unheaded = pictures.map(({ aspect }) => ({ aspect, month: "" }));
    expect(justify(unheaded, frame).map(({ kind }) => kind)).toEqual(["photos"]);
  });
});

describe("the arrow keys", () => {
  const pictures = Array.from({ length: 30 }, (_, index) => ({
    aspect: 1 + (index % 3) / 2,
    month: index < 14 ? "2026-11" : "2026-10",
  }));
  const rows = justify(pictures, frame);

  it("reach every picture, and come back from a row below to the row above", () => {
    for (const index of pictures.keys()) {
      const row = rowOf(rows, index);
      expect(rows[row]).toMatchObject({ kind: "photos" });
      const down = neighbour(rows, index, "down", pictures.length);
      if (down === index) continue;
      expect(rowOf(rows, down)).toBeGreaterThan(row);
      expect(rowOf(rows, neighbour(rows, down, "up", pictures.length))).toBe(row);
    }
  });

  it("stop at both ends", () => {
    expect(neighbour(rows, 0, "left", 30)).toBe(0);
    expect(neighbour(rows, 0, "up", 30)).toBe(0);
    expect(neighbour(rows, 29, "right", 30)).toBe(29);
    expect(neighbour(rows, 3, "last", 30)).toBe(29);
    expect(neighbour(rows, 3, "first", 30)).toBe(0);
  });
});
