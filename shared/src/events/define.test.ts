import { compilePattern } from "@shoebox/local/eventbridge/pattern";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ObjectCreated } from "./aws.ts";
import { ImageDeleted, ImageUpdated } from "./catalog.ts";
import { defineEvent, livePattern } from "./define.ts";

const Renamed = defineEvent({
  type: "Renamed",
  producer: "catalog",
  version: 1,
  data: z.object({ name: z.string().trim() }),
});
const RenamedV2 = defineEvent({
  type: "Renamed",
  producer: "catalog",
  version: 2,
  data: z.object({ first: z.string() }),
});

const metadata = {
  eventId: "0198c1a2-7b3c-7def-8123-456789abcdef",
  occurredAt: "2026-11-22T12:00:00.000Z",
  correlationId: "c-1",
};

const onBus = (event: { source: string; type: string; version?: number }, extra = {}) => ({
  source: event.source,
  "detail-type": event.type,
  detail: { metadata: { schemaVersion: event.version } },
  ...extra,
});

describe("an event's maker", () => {
  it("gives what its parser reads, after JSON too", () => {
    const made = Renamed.make(metadata, { name: " Ann " });
    const { source, detailType, detail } = JSON.parse(JSON.stringify(made)) as typeof made;
    const envelope = { id: "1", time: "t", source, "detail-type": detailType, detail };
    expect(Renamed.parse(envelope)).toEqual(made.detail);
    expect(made.detail.data.name).toBe("Ann");
  });

  it.each([
    [{ ...metadata, eventId: "7" }, /eventId/],
    [{ ...metadata, occurredAt: "+010000-01-01T00:00:00.000Z" }, /occurredAt/],
    [{ ...metadata, correlationId: "" }, /correlationId/],
  ])("refuses metadata that no consumer would take: %o", (wrong, reason) => {
    expect(() => Renamed.make(wrong, { name: "Ann" })).toThrow(reason);
  });
});

describe("the pattern of a live rule", () => {
  const matches = compilePattern(livePattern([ImageUpdated, ImageDeleted]));

  it("takes its events as they happen", () => {
    expect(matches(onBus(ImageUpdated))).toBe(true);
    expect(matches(onBus(ImageDeleted))).toBe(true);
  });

  it("takes no replayed ones", () => {
    expect(matches(onBus(ImageUpdated, { "replay-name": "rebuild-1" }))).toBe(false);
  });

  it("takes no others", () => {
    expect(matches(onBus(Renamed))).toBe(false);
    expect(matches({ ...onBus(ImageUpdated), source: "shoebox.upload" })).toBe(false);
    expect(matches(onBus({ ...ImageUpdated, version: 2 }))).toBe(false);
  });

  it("keeps a new version from those who only know the old", () => {
    const known = compilePattern(livePattern([Renamed]));
    expect([known(onBus(Renamed)), known(onBus(RenamedV2))]).toEqual([true, false]);
    expect(() => livePattern([Renamed, RenamedV2])).toThrow(/one version/);
  });

  it("asks AWS's own events for no version", () => {
    const created = compilePattern(livePattern([ObjectCreated]));
    expect(created({ ...onBus(ObjectCreated), detail: { bucket: { name: "b" } } })).toBe(true);
  });
});

describe("S3's Object Created", () => {
  it("is read as AWS documents it", () => {
    const detail = {
      version: "0",
      bucket: { name: "originals" },
      object: { key: "k", size: 5, etag: "e", "version-id": "v", sequencer: "0055" },
      "request-id": "R",
      requester: "123456789012",
      reason: "POST Object",
    };
    const envelope = { id: "1", source: "aws.s3", "detail-type": "Object Created", time: "t" };
    const { bucket, object, reason } = detail;
    expect(ObjectCreated.parse({ ...envelope, detail })).toEqual({ bucket, object, reason });
  });
});
