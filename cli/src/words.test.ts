import { expect, it } from "vitest";
import { bytes, count, printable } from "./words.ts";

it("bytes are told with the unit that fits", () => {
  expect([0, 999, 1_000, 9_705, 25_000, 314_572_800].map(bytes)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "9.7 kB",
    "25 kB",
    "315 MB",
  ]);
});

it("nobody's text reaches the terminal as a command", () => {
  expect(printable("a\u001b[2Jb\nc\u202ed ")).toBe("a [2Jb c d");
});

it("one is not several", () => {
  expect([0, 1, 2].map((n) => count(n, "picture"))).toEqual([
    "0 pictures",
    "1 picture",
    "2 pictures",
  ]);
});
