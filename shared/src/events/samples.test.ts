import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { allEvents } from "./all.ts";
import { Envelope, type EventMetadata, type ReadableEvent } from "./define.ts";

type Sample = Record<string, unknown> & {
  detail: { metadata: EventMetadata; data: Record<string, unknown> };
};

const folder = join(import.meta.dirname, "samples");

function samplesIn(file: string): [string, Sample][] {
  const content = JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, Sample>;
  return Object.entries(content);
}

const definitionOf = (file: string) =>
  allEvents.find((event) => file === `${event.type}.v${event.version}.json`);

const files = readdirSync(folder);
const samples = files.flatMap((file) =>
  samplesIn(file).map(([variant, sample]) => ({ file, variant, sample })),
);

function parse(event: ReadableEvent<unknown> | undefined, sample: unknown): unknown {
  if (!event) throw new Error("No event of this name and version is defined.");
  return event.parse(Envelope.parse(sample));
}

/** Adds a field that nobody knows to every object, as a later and additive version might. */
function withUnknownFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnknownFields);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([key, field]) => [key, withUnknownFields(field)]);
  return { ...Object.fromEntries(fields), addedLater: { by: "a newer producer" } };
}

describe("frozen samples", () => {
  it("are there for every event", () => {
    const wanted = allEvents.map((event) => `${event.type}.v${event.version}.json`);
    expect(files).toEqual(expect.arrayContaining(wanted));
    for (const file of wanted) expect(samplesIn(file).length).toBeGreaterThan(0);
  });

  it.each(samples)("$file ($variant) is read without a change, for ever", ({ file, sample }) => {
    const event = definitionOf(file);
    expect(parse(event, sample)).toStrictEqual(sample.detail);
    expect(event).toMatchObject({ source: sample.source, type: sample["detail-type"] });
  });

  it.each(samples)("$file ($variant) is read the same with fields added", ({ file, sample }) => {
    expect(parse(definitionOf(file), withUnknownFields(sample))).toStrictEqual(sample.detail);
  });

  it.each(samples)("$file ($variant) fits the JSON Schema, with fields added too", (item) => {
    const schema = definitionOf(item.file)?.jsonSchema();
    const validate = new Ajv2020({ validateFormats: false }).compile(schema as object);
    for (const sample of [item.sample, withUnknownFields(item.sample) as Sample]) {
      validate(sample.detail);
      expect(validate.errors).toBeNull();
    }
    expect(validate({ ...item.sample.detail, data: {} })).toBe(false);
  });

  it.each(samples)("$file ($variant) is what its producer makes of the same data", (item) => {
    const event = definitionOf(item.file);
    const { schemaVersion: _, producer: __, ...metadata } = item.sample.detail.metadata;
    const make = event?.make as ((m: unknown, d: unknown) => { detail: unknown }) | undefined;
    const made = make?.(metadata, item.sample.detail.data);
    expect(JSON.parse(JSON.stringify(made))).toStrictEqual({
      source: item.sample.source,
      detailType: item.sample["detail-type"],
      detail: item.sample.detail,
    });
  });

  it.each(samples)("$file ($variant) of an unknown version is refused by name", (item) => {
    const { metadata, data } = item.sample.detail;
    const detail = { metadata: { ...metadata, schemaVersion: 99 }, data };
    expect(() => parse(definitionOf(item.file), { ...item.sample, detail })).toThrow(
      /schemaVersion/,
    );
  });
});
