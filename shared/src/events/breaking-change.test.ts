import { compilePattern } from "@shoebox/local/eventbridge/pattern";
import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { rememberingLog } from "../log.testkit.ts";
import { createConsumer, on } from "../messaging/consumer.ts";
import { type DomainEvent, defineEvent, livePattern } from "./define.ts";

/**
 * The example of docs/events.md, run: a fact whose data changes so that old readers can't read it. The
 * place of a picture was a text; it becomes coordinates.
 */
const PicturePlaced = defineEvent({
  type: "PicturePlaced",
  producer: "catalog",
  version: 1,
  data: z.object({ imageId: z.string(), place: z.string() }),
});
const PicturePlacedV2 = defineEvent({
  type: "PicturePlaced",
  producer: "catalog",
  version: 2,
  data: z.object({ imageId: z.string(), latitude: z.number(), longitude: z.number() }),
});

const metadata = {
  eventId: "0198c1a2-7b3c-7def-8123-456789abcdef",
  occurredAt: "2026-11-22T12:00:00.000Z",
  correlationId: "c-1",
};
const v1 = () => PicturePlaced.make(metadata, { imageId: "i", place: "the harbour" });
const v2 = () => PicturePlacedV2.make(metadata, { imageId: "i", latitude: 1, longitude: 2 });

/** A rule and the consumer behind it, as a service declares the two. */
function reader(event: typeof PicturePlaced | typeof PicturePlacedV2) {
  const seen: unknown[] = [];
  const matches = compilePattern(livePattern([event]));
  const consume = createConsumer({
    log: rememberingLog().log,
    subscriptions: [on<{ data: unknown }>(event, async ({ data }) => void seen.push(data))],
  });
  return {
    seen,
    /** What the bus does with what is published: those it does not match never reach the queue. */
    async publish(...events: DomainEvent[]): Promise<number> {
      let failed = 0;
      for (const { source, detailType, detail } of events) {
        const envelope = { id: "1", source, "detail-type": detailType, time: "t", detail };
        if (!matches(envelope)) continue;
        const record = {
          messageId: "m",
          body: JSON.stringify(envelope),
          attributes: { ApproximateReceiveCount: "1" },
        } as SQSRecord;
        failed += (await consume({ Records: [record] })).batchItemFailures.length;
      }
      return failed;
    },
  };
}

describe("a breaking change", () => {
  it("1: the new version is published beside the old, and old readers do not notice", async () => {
    const old = reader(PicturePlaced);
    expect(await old.publish(v1(), v2())).toBe(0);
    expect(old.seen).toEqual([{ imageId: "i", place: "the harbour" }]);
  });

  it("2: readers move to the new version one by one, each in its own deployment", async () => {
    const [old, moved] = [reader(PicturePlaced), reader(PicturePlacedV2)];
    for (const one of [old, moved]) expect(await one.publish(v1(), v2())).toBe(0);
    expect(old.seen).toHaveLength(1);
    expect(moved.seen).toEqual([{ imageId: "i", latitude: 1, longitude: 2 }]);
  });

  it("2a: a queue that still holds the old version is read to its end by a consumer that knows both", async () => {
    const seen: unknown[] = [];
    const consume = createConsumer({
      log: rememberingLog().log,
      subscriptions: [
        on(PicturePlacedV2, async ({ data }) => void seen.push(data)),
        on(PicturePlaced, async ({ data }) => void seen.push(data)),
      ],
    });
    const body = (event: DomainEvent) =>
      JSON.stringify({
        id: "1",
        source: event.source,
        "detail-type": event.detailType,
        time: "t",
        detail: event.detail,
      });
    const attributes = { ApproximateReceiveCount: "1" };
    const Records = [v1(), v2()].map(
      (event, index) => ({ messageId: `m-${index}`, body: body(event), attributes }) as SQSRecord,
    );
    expect(await consume({ Records })).toEqual({ batchItemFailures: [] });
    expect(seen).toHaveLength(2);
  });

  it("3: when no rule matches the old version it is not published any more, and nobody misses it", async () => {
    const patterns = [PicturePlacedV2].map((event) => compilePattern(livePattern([event])));
    const { source, detailType, detail } = v1();
    const onBus = { source, "detail-type": detailType, detail };
    expect(patterns.some((matches) => matches(onBus))).toBe(false);
    const moved = reader(PicturePlacedV2);
    expect(await moved.publish(v2())).toBe(0);
    expect(moved.seen).toHaveLength(1);
  });

  it("is not one by a new field: what is added is read by nobody who does not know it", async () => {
    const old = reader(PicturePlaced);
    const added = v1();
    Object.assign(added.detail.data as object, { accuracyMeters: 5 });
    expect(await old.publish(added)).toBe(0);
    expect(old.seen).toEqual([{ imageId: "i", place: "the harbour" }]);
  });
});
