import { expect, it } from "vitest";
import { Counter } from "./counter.ts";
import { factOf } from "./fact.ts";
import { idOf } from "./letter.ts";
import type { WireEvent } from "./wire.ts";

const imageId = "019a9f1e-7c5a-7b11-9d0a-3f2f6f1d4c55";
const wire = (type: string, detail: Record<string, unknown>): WireEvent => ({
  id: "1",
  bus: "events",
  at: 5,
  source: "shoebox.catalog",
  "detail-type": type,
  detail,
});

it("reads whose event it is and what it says, of each kind of event", () => {
  const metadata = { correlationId: "c-12345678" };
  const image = { imageId, ownerId: "ann", status: "ready", version: 3, thumbHash: "AA==" };
  expect(factOf(wire("ImageUpdated", { metadata, data: { image } }))).toMatchObject({
    imageId,
    ownerId: "ann",
    status: "ready",
    version: 3,
    thumbHash: "AA==",
    correlationId: "c-12345678",
  });
  const rejected = { imageId, ownerId: "ann", reason: { code: "x", message: "It is none." } };
  expect(factOf(wire("ImageRejected", { metadata, data: rejected }))).toMatchObject({
    imageId,
    status: "rejected",
    reason: "It is none.",
  });
  const object = { key: `originals/YW5u/${imageId}.jpg` };
  expect(factOf(wire("Object Created", { object }))).toMatchObject({ imageId, status: "arrived" });
  expect(factOf(wire("Scheduled Event", {}))).toMatchObject({ type: "Scheduled Event" });
});

it("a replayed event is another one than the first", () => {
  const first = wire("ImageUpdated", {});
  expect(factOf({ ...first, "replay-name": "again" }).key).not.toBe(factOf(first).key);
});

it("a letter is about the image in its body, or else about its story", () => {
  const letter = { id: "", queue: "", service: "", origin: "", at: "", reason: "" };
  expect(idOf({ ...letter, body: `{"detail":{"data":{"imageId":"${imageId}"}}}` })).toBe(imageId);
  expect(idOf({ ...letter, body: '{"metadata":{"correlationId":"c-12345678"}}' })).toBe(
    "c-12345678",
  );
  expect(idOf({ ...letter, body: "poison" })).toBeUndefined();
});

it("a counter counts everything, and its rate falls to nothing after the last", () => {
  const counter = new Counter();
  for (let at = 10_000; at < 14_000; at += 100) counter.add(at);
  expect([counter.total, counter.rate(13_999)]).toEqual([40, 10]);
  expect(counter.rate(15_999)).toBeCloseTo(5, 0);
  expect(counter.rate(60_000)).toBe(0);
  expect(counter.total).toBe(40);
});
