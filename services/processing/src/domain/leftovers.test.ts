import { expect, it } from "vitest";
import { mustRemoveRenditions } from "./leftovers.ts";

it("a winner keeps what it wrote", () => {
  expect(mustRemoveRenditions("processed", { kind: "saved" }, 1)).toBe(false);
  expect(mustRemoveRenditions("processed", { kind: "saved" }, 3)).toBe(false);
});

it("a rejection removes what an earlier attempt may have written", () => {
  expect(mustRemoveRenditions("rejected", { kind: "saved" }, 1)).toBe(false);
  expect(mustRemoveRenditions("rejected", { kind: "saved" }, 2)).toBe(true);
});

it("who comes too late removes everything, except behind a twin that did the same", () => {
  for (const outcome of ["processed", "rejected"] as const) {
    const after = (by: "deleted" | "rejected" | "processed" | undefined) =>
      mustRemoveRenditions(outcome, { kind: "overtaken", by }, 1);
    expect(after("deleted")).toBe(true);
    expect(after(undefined)).toBe(true);
    expect(after("rejected")).toBe(true);
    expect(after("processed")).toBe(false);
  }
});
