import { describe, expect, it } from "vitest";
import { rememberingLog } from "../log.testkit.ts";
import { fact, numberOf, scriptedBus, type Verdict } from "./bus.testkit.ts";
import { createPublisher, refuseTooLarge } from "./publish.ts";

const facts = (count: number, bytes = 0) =>
  Array.from({ length: count }, (_, number) => fact(number, bytes));

function publisherTo(decide?: (number: number) => Verdict) {
  const bus = scriptedBus(decide && ((entry) => decide(numberOf(entry))));
  return { ...bus, ...createPublisher(bus.client, "shoebox", rememberingLog().log) };
}

describe("the publisher", () => {
  it("puts an event on the bus as it is", async () => {
    const { publish, taken } = publisherTo();
    expect(await publish([fact(7)])).toEqual([]);
    expect(taken).toEqual([
      {
        EventBusName: "shoebox",
        Source: "shoebox.upload",
        DetailType: "Counted",
        Detail: JSON.stringify(fact(7).detail),
        Time: new Date("2026-11-22T12:00:00.000Z"),
      },
    ]);
  });

  it("calls nobody without events", async () => {
    const { publish, calls } = publisherTo();
    expect(await publish([])).toEqual([]);
    expect(calls).toEqual([]);
  });

  it("sends ten at most in one call, in the order given", async () => {
    const { publish, calls, taken } = publisherTo();
    await publish(facts(25));
    expect(calls.map((call) => call.length)).toEqual([10, 10, 5]);
    expect(taken.map(numberOf)).toEqual(facts(25).map((_, number) => number));
  });

  it("sends no more bytes in one call than the bus takes", async () => {
    const { publish, calls, taken } = publisherTo();
    expect(await publish(facts(7, 300_000))).toEqual([]);
    expect(calls.map((call) => call.length)).toEqual([2, 2, 2, 1]);
    expect(taken).toHaveLength(7);
  });

  it("sends again only what was refused", async () => {
    const refusals = new Map([
      [2, 1],
      [5, 2],
    ]);
    const { publish, calls } = publisherTo((number) => {
      const left = refusals.get(number) ?? 0;
      refusals.set(number, left - 1);
      return left > 0 ? "refuse" : "take";
    });
    expect(await publish(facts(6))).toEqual([]);
    expect(calls.map((call) => call.map(numberOf))).toEqual([[0, 1, 2, 3, 4, 5], [2, 5], [5]]);
  });

  it("never reports success of what stays refused, after three attempts", async () => {
    const { publish, calls } = publisherTo((number) => (number % 7 === 3 ? "refuse" : "take"));
    expect(await publish(facts(20))).toEqual([3, 10, 17]);
    expect(calls).toHaveLength(6);
  });

  it("fails the entries of a call that fails as a whole, and no others", async () => {
    const { publish, taken } = publisherTo((number) => (number === 12 ? "fail" : "take"));
    expect(await publish(facts(30))).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(taken).toHaveLength(20);
  });

  it("lets an event that is too large for the bus fail alone", async () => {
    const { publish, taken } = publisherTo();
    const events = [fact(0), fact(1, 1_100_000), fact(2)];
    expect(await publish(events)).toEqual([1]);
    expect(taken.map(numberOf)).toEqual([0, 2]);
    expect(events.map((event) => catches(() => refuseTooLarge(event)))).toEqual([
      false,
      true,
      false,
    ]);
  });
});

function catches(act: () => void): boolean {
  try {
    act();
    return false;
  } catch {
    return true;
  }
}
