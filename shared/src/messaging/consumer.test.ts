import type { SQSEvent, SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ObjectCreated } from "../events/aws.ts";
import { defineEvent } from "../events/define.ts";
import { rememberingLog } from "../log.testkit.ts";
import { createConsumer, type Delivery, on } from "./consumer.ts";
import type { DeadLetters } from "./dead-letter.ts";
import { MAX_RECEIVES } from "./work-queue.ts";

const Counted = defineEvent({
  type: "Counted",
  producer: "upload",
  version: 1,
  data: z.object({ number: z.number() }),
});
const CountedV2 = defineEvent({
  type: "Counted",
  producer: "upload",
  version: 2,
  data: z.object({ total: z.number() }),
});
const metadata = {
  eventId: "0198c1a2-7b3c-7def-8123-456789abcdef",
  occurredAt: "2026-11-22T12:00:00.000Z",
  correlationId: "c-1",
};

function envelope(event: { source: string; detailType: string; detail: unknown }) {
  const { source, detailType, detail } = event;
  return { id: "bus-1", source, "detail-type": detailType, time: "2026-11-22T12:00:00Z", detail };
}
const counted = (number: number) => envelope(Counted.make(metadata, { number }));

function sqs(...bodies: unknown[]): SQSEvent {
  const Records = bodies.map((body, index) => ({
    messageId: `m-${index}`,
    body: typeof body === "string" ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: "3" },
  })) as SQSRecord[];
  return { Records };
}

const failing = (...indexes: number[]) => ({
  batchItemFailures: indexes.map((index) => ({ itemIdentifier: `m-${index}` })),
});

describe("a consumer", () => {
  it("hands each message to the handler of its event, with what is known of its delivery", async () => {
    const { log } = rememberingLog();
    const seen: [unknown, Omit<Delivery, "log">][] = [];
    const consume = createConsumer({
      log,
      subscriptions: [
        on(Counted, async (event, { log: _, ...delivery }) => void seen.push([event, delivery])),
        on(ObjectCreated, async (event, { log: _, ...rest }) => void seen.push([event, rest])),
      ],
    });
    const created = {
      bucket: { name: "b" },
      object: { key: "k", size: 1, etag: "e", sequencer: "1" },
      reason: "POST Object",
    };
    const ofAws = envelope({ source: "aws.s3", detailType: "Object Created", detail: created });
    const replayed = { ...counted(2), "replay-name": "rebuild-1" };
    expect(await consume(sqs(counted(1), ofAws, replayed))).toEqual(failing());
    const delivery = { correlationId: "c-1", receiveCount: 3, replay: false };
    expect(seen).toEqual([
      [counted(1).detail, delivery],
      [created, { ...delivery, correlationId: "bus-1" }],
      [counted(2).detail, { ...delivery, replay: true }],
    ]);
  });

  it("gives back exactly the messages that failed, each with its reason in the log", async () => {
    const { log, lines } = rememberingLog();
    const consume = createConsumer({
      log,
      subscriptions: [
        on(Counted, async ({ data }) => {
          if (data.number % 2 === 1) throw new Error(`odd: ${data.number}`);
        }),
      ],
    });
    expect(await consume(sqs(counted(0), counted(1), counted(2), counted(3)))).toEqual(
      failing(1, 3),
    );
    expect(lines).toEqual([
      expect.objectContaining({
        messageId: "m-1",
        receiveCount: 3,
        correlationId: "c-1",
        eventId: metadata.eventId,
        type: "Counted",
        err: expect.objectContaining({ message: "odd: 1" }),
      }),
      expect.objectContaining({ messageId: "m-3" }),
    ]);
  });

  it.each([
    ["no JSON", "{oops", /JSON/],
    ["null", "null", /expected object/i],
    ["no envelope", { hello: 1 }, /source/],
    [
      "an event nobody handles",
      { ...counted(1), "detail-type": "Other" },
      /No handler for .*Other/,
    ],
    ["another source's event", { ...counted(1), source: "evil" }, /No handler for evil Counted/],
    [
      "a version nobody handles",
      envelope(CountedV2.make(metadata, { total: 1 })),
      /No handler for shoebox.upload Counted v2/,
    ],
    [
      "an event without its data",
      { ...counted(1), detail: { metadata: counted(1).detail } },
      /uuid|eventId/i,
    ],
    [
      "an event with wrong data",
      envelope({
        ...Counted.make(metadata, { number: 1 }),
        detail: { ...(counted(1).detail as object), data: { number: "1" } },
      }),
      /number/,
    ],
  ])("gives back %s, and handles the rest", async (_case, body, reason) => {
    const { log, lines } = rememberingLog();
    const seen: number[] = [];
    const consume = createConsumer({
      log,
      subscriptions: [on(Counted, async ({ data }) => void seen.push(data.number))],
    });
    expect(await consume(sqs(body, counted(7)))).toEqual(failing(0));
    expect(seen).toEqual([7]);
    expect(JSON.stringify(lines[0]?.err)).toMatch(reason);
  });

  describe("that can set messages aside", () => {
    const received = (times: number, body: unknown = counted(1)): SQSEvent => {
      const [record] = sqs(body).Records;
      const attributes = { ApproximateReceiveCount: String(times) };
      return { Records: [{ ...record, attributes } as SQSRecord] };
    };
    const letters: [string, string][] = [];
    const failingConsumer = (setAside: DeadLetters["setAside"]) =>
      createConsumer({
        log: rememberingLog().log,
        deadLetters: { setAside },
        subscriptions: [
          on(Counted, async () => {
            throw new Error("the table is gone");
          }),
        ],
      });
    const consume = failingConsumer(async ({ body }, reason) => {
      letters.push([reason, body]);
    });

    it("gives a message back until its queue would hand it out no more", async () => {
      expect(await consume(received(MAX_RECEIVES - 1))).toEqual(failing(0));
      expect(letters).toEqual([]);
    });

    it("then sets it aside with its reason and is done with it, readable or not", async () => {
      expect(await consume(received(MAX_RECEIVES, '{"not":  "an envelope"}'))).toEqual(failing());
      expect(await consume(received(MAX_RECEIVES))).toEqual(failing());
      expect(letters).toEqual([
        [expect.stringContaining("source"), '{"not":  "an envelope"}'],
        ["the table is gone", JSON.stringify(counted(1))],
      ]);
    });

    it("leaves to SQS what it can't set aside", async () => {
      const stuck = failingConsumer(() => Promise.reject(new Error("no such queue")));
      expect(await stuck(received(MAX_RECEIVES))).toEqual(failing(0));
    });
  });

  it("handles two versions of an event side by side", async () => {
    const seen: unknown[] = [];
    const consume = createConsumer({
      log: rememberingLog().log,
      subscriptions: [
        on(Counted, async ({ data }) => void seen.push(data)),
        on(CountedV2, async ({ data }) => void seen.push(data)),
      ],
    });
    await consume(sqs(counted(1), envelope(CountedV2.make(metadata, { total: 2 }))));
    expect(seen).toEqual([{ number: 1 }, { total: 2 }]);
  });

  it.each([1, 3])("handles %i messages at a time and no more", async (concurrency) => {
    let running = 0;
    let most = 0;
    const consume = createConsumer({
      log: rememberingLog().log,
      concurrency,
      subscriptions: [
        on(Counted, async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise(setImmediate);
          running -= 1;
        }),
      ],
    });
    await consume(sqs(...Array.from({ length: 10 }, (_, number) => counted(number))));
    expect(most).toBe(concurrency);
  });
});
