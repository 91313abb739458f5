import { expect, it } from "vitest";
import { nothing, type Selected, type SelectionChange, select } from "./selected.ts";

const order = ["a", "b", "c", "d", "e"];
const after = (...changes: SelectionChange[]): string[] => [
  ...changes.reduce<Selected>(select, nothing).ids,
];

it("a click selects, and another one takes out again", () => {
  expect(after({ kind: "toggle", imageId: "b" })).toEqual(["b"]);
  expect(after({ kind: "toggle", imageId: "b" }, { kind: "toggle", imageId: "b" })).toEqual([]);
});

it("with Shift everything from the last one is selected, in either direction, besides what was", () => {
  const range = (imageId: string): SelectionChange => ({ kind: "range", imageId, order });
  expect(after({ kind: "toggle", imageId: "b" }, range("d"))).toEqual(["b", "c", "d"]);
  expect(after({ kind: "toggle", imageId: "d" }, range("b")).toSorted()).toEqual(["b", "c", "d"]);
  expect(
    after({ kind: "toggle", imageId: "a" }, { kind: "toggle", imageId: "c" }, range("d")),
  ).toEqual(["a", "c", "d"]);
  expect(after(range("c"))).toEqual(["c"]);
});

it("what is no longer in the list is no longer selected", () => {
  const all: SelectionChange = { kind: "all", order };
  expect(after(all, { kind: "keep", present: new Set(["c", "x"]) })).toEqual(["c"]);
  expect(after(all, { kind: "none" })).toEqual([]);
});
