import { expect, it } from "vitest";
import { RecentChanges } from "./recent-changes.ts";

it("a search waits for changes until one has caught up with them, or they are long past", () => {
  let now = 0;
  const changes = new RecentChanges(() => now);
  expect(changes.after()).toEqual({});
  changes.add("a");
  changes.add(null);
  changes.add("b");
  expect(changes.after().after).toEqual(["a", "b"]);
  changes.known(["a"]);
  expect(changes.after().after).toEqual(["b"]);
  now = 61_000;
  expect(changes.after()).toEqual({});
});

it("no more are named than a search takes: the latest", () => {
  const changes = new RecentChanges(() => 0);
  for (let number = 1; number <= 12; number += 1) changes.add(String(number));
  expect(changes.after().after).toHaveLength(10);
  expect(changes.after().after?.at(-1)).toBe("12");
});
