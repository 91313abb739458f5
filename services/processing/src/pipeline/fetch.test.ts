import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { presets } from "../domain/presets.ts";
import { eicarScanner } from "./eicar-scanner.ts";
import { fetch, IN_MEMORY_BYTES } from "./fetch.ts";
import { createScratch } from "./scratch.ts";
import { runSteps, type Step } from "./step.ts";
import { defaultLimits, memoryStorage } from "./workshop.testkit.ts";

const scratch = createScratch();
afterEach(() => scratch.remove());

const workshop = {
  renditions: memoryStorage().renditions,
  scanner: eicarScanner,
  preset: presets.default,
  limits: defaultLimits,
};
const original = { bucket: "originals", key: "k", versionId: "v" };

const fetchFrom = (body: Readable, said: number, declared: number) =>
  fetch.run(
    { ...original, size: declared },
    { ...workshop, scratch, originals: { open: async () => ({ size: said, body }) } },
  );

describe("fetch", () => {
  it("holds small originals in memory, byte for byte", async () => {
    const { original: file } = await fetchFrom(
      Readable.from([Buffer.from("abc"), Buffer.from("de")]),
      5,
      5,
    );
    expect(file).toEqual(Buffer.from("abcde"));
  });

  it("streams large ones to a file", async () => {
    const size = IN_MEMORY_BYTES + 1;
    const { original: file } = await fetchFrom(Readable.from([Buffer.alloc(size, 7)]), size, size);
    if (typeof file !== "string") throw new Error("expected a path");
    const bytes = await readFile(file);
    expect(bytes.length).toBe(size);
  });

  it("rejects another size than was announced without reading a byte", async () => {
    const body = Readable.from([Buffer.alloc(6)]);
    await expect(fetchFrom(body, 6, 5)).rejects.toMatchObject({
      reason: { code: "size-mismatch" },
    });
    expect(body.destroyed).toBe(true);
  });

  it("rejects a version that is gone", async () => {
    const gone = fetch.run(
      { ...original, size: 5 },
      { ...workshop, scratch, originals: { open: async () => undefined } },
    );
    await expect(gone).rejects.toMatchObject({ reason: { code: "original-missing" } });
  });

  it("throws what is worth another try when the stream ends early or runs over", async () => {
    await expect(fetchFrom(Readable.from([Buffer.alloc(4)]), 5, 5)).rejects.toThrow("Only 4 of");
    await expect(fetchFrom(Readable.from([Buffer.alloc(9)]), 5, 5)).rejects.toThrow("more than");
    const failing = Readable.from(
      (async function* () {
        yield Buffer.alloc(2);
        throw new Error("connection reset");
      })(),
    );
    await expect(fetchFrom(failing, 5, 5)).rejects.toThrow("connection reset");
  });
});

describe("temporary files", () => {
  it.each(["finishes", "fails"])("are gone when a run %s", async (end) => {
    const size = IN_MEMORY_BYTES + 1;
    let path = "";
    const look: Step<{ original: Buffer | string }, object> = {
      name: "look",
      async run({ original: file }) {
        path = String(file);
        expect(existsSync(path)).toBe(true);
        if (end === "fails") throw new Error("a step failed");
        return {};
      },
    };
    const body = Readable.from([Buffer.alloc(size)]);
    const ran = runSteps(
      [fetch, look],
      { ...original, size },
      {
        ...workshop,
        originals: { open: async () => ({ size, body }) },
      },
    );
    if (end === "fails") await expect(ran).rejects.toThrow("a step failed");
    else expect(await ran).toMatchObject({ kind: "finished" });
    expect(path).toContain("shoebox-original-");
    expect(existsSync(path)).toBe(false);
  });
});
