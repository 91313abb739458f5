import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { allEvents } from "./all.ts";
import { asyncApi, jsonSchemas, registrySchemas } from "./contracts.ts";
import type { ServiceName } from "./define.ts";

const read = (...path: string[]) =>
  JSON.parse(readFileSync(join(import.meta.dirname, ...path), "utf8")) as unknown;
/** What a file can hold: no undefined. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

describe("the published contracts (after a wanted change: npm --workspace shared run contracts)", () => {
  it("are a JSON Schema for each event, as the code has it", () => {
    const schemas = jsonSchemas();
    expect(readdirSync(join(import.meta.dirname, "schemas")).sort()).toEqual(
      Object.keys(schemas).sort(),
    );
    for (const [name, schema] of Object.entries(schemas)) {
      expect(read("schemas", name)).toEqual(plain(schema));
    }
  });

  it("are one AsyncAPI document, as the code has it", () => {
    expect(read("asyncapi.json")).toEqual(plain(asyncApi()));
  });

  it("say of each event what has happened, and show it as it is on the bus", () => {
    const { messages } = asyncApi().components as {
      messages: Record<string, { summary?: string; examples: unknown[] }>;
    };
    for (const [name, { summary, examples }] of Object.entries(messages)) {
      expect(summary, name).toMatch(/^[A-Z].*\.$/);
      expect(examples.length, name).toBeGreaterThan(0);
    }
  });

  it("refer to nothing that is not in the document", () => {
    const document = plain(asyncApi());
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(0);
    for (const [, path = ""] of references) {
      const target = path
        .split("/")
        .reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document);
      expect(target, path).toBeDefined();
    }
  });
});

describe("what the schema registry is given", () => {
  const producers: ServiceName[] = ["upload", "catalog", "processing", "search"];
  const contracts = producers.flatMap(registrySchemas);

  it("is a contract for each event, without a word that draft 4 does not know", () => {
    expect(contracts).toHaveLength(allEvents.length);
    for (const { schema } of contracts) {
      expect(schema.$schema).toBe("http://json-schema.org/draft-04/schema#");
      expect(JSON.stringify(schema)).not.toMatch(
        /"(const|\$defs|if|contains|propertyNames|examples)":|"exclusiveMinimum":\d/,
      );
    }
  });

  it.each(contracts)(
    "$name takes every frozen sample of its event, as it is on the bus",
    (contract) => {
      const file = `${contract.name.replace(/^.*@/, "")}.json`;
      const reader = z.fromJSONSchema(contract.schema);
      for (const sample of Object.values(read("samples", file) as Record<string, object>)) {
        expect(reader.safeParse(sample).error).toBeUndefined();
        expect(reader.safeParse({ ...sample, source: "shoebox.nobody" }).success).toBe(false);
        expect(reader.safeParse({ ...sample, detail: { metadata: {} } }).success).toBe(false);
      }
    },
  );
});
