import { describe, expect, it } from "vitest";
import { alternate } from "./alternate.ts";
import { quantile, ratioOf, spreadOf } from "./statistics.ts";

describe("statistics", () => {
  it("a quantile lies between its neighbours, whatever the order of the values", () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10], 0.99)).toBe(10);
    expect(quantile([0, 100], 0.99)).toBeCloseTo(99);
    expect(() => quantile([], 0.5)).toThrow("Nothing was measured.");
  });

  it("one wild value moves neither the median nor the quartiles far", () => {
    expect(spreadOf([1, 2, 3, 4, 1_000_000])).toEqual({ median: 3, low: 2, high: 4 });
  });

  it("a machine that slows down from round to round does not change the ratio", () => {
    const drift = [1, 2, 5, 9];
    const rounds = { ours: drift.map((d) => 3 * d), peer: drift.map((d) => 2 * d) };
    expect(ratioOf(rounds)).toEqual({ median: 1.5, low: 1.5, high: 1.5 });
  });
});

describe("alternating rounds", () => {
  it("begin with the one and the other in turn, and the first round does not count", async () => {
    const order: string[] = [];
    const measure = (name: string) => async () => order.push(name);
    const rounds = await alternate(3, { ours: measure("A"), peer: measure("B") });
    expect(order.join("")).toBe("ABBAABBA");
    expect(rounds).toEqual({ ours: [4, 5, 8], peer: [3, 6, 7] });
  });
});
