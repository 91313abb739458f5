import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asyncApi, jsonSchemas } from "./contracts.ts";

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
