import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideCompletion } from "./decide-completion.ts";
import { isMultipart, PART_SIZE, partCount, partLength } from "./part-plan.ts";

const multipart = { uploadId: "u", partSize: 100, checksums: false };
const upload = { size: 250, multipart };
const stored = [100, 100, 50].map((size, index) => ({
  partNumber: index + 1,
  size,
  etag: `e${index + 1}`,
  sha256: undefined,
}));
const named = stored.map(({ partNumber, etag }) => ({ partNumber, etag }));

describe("a completion", () => {
  it("is made of all parts in their order, in whatever order they are named", () => {
    const decision = decideCompletion(upload, named.toReversed(), stored.toReversed());
    expect(decision).toEqual({ kind: "complete", parts: stored });
  });

  it("never makes an object of another size than announced, whatever was sent and is named", () => {
    const part = fc.record({
      partNumber: fc.integer({ min: 1, max: 5 }),
      size: fc.constantFrom(0, 1, 50, 99, 100, 101, 250),
      etag: fc.constantFrom("a", "b"),
      sha256: fc.constant(undefined),
    });
    const parts = fc.uniqueArray(part, { selector: ({ partNumber }) => partNumber, maxLength: 5 });
    const names = fc.array(
      fc.record({ partNumber: fc.integer({ min: 1, max: 5 }), etag: fc.constantFrom("a", "b") }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(parts, names, (sent, said) => {
        const decision = decideCompletion(upload, said, sent);
        const total = sent.reduce((sum, { size }) => sum + size, 0);
        expect(decision.kind === "reject").toBe(total > upload.size);
        if (decision.kind !== "complete") return;
        expect(decision.parts.map(({ size }) => size)).toEqual([100, 100, 50]);
        for (const { partNumber, etag } of said) {
          expect(decision.parts[partNumber - 1]?.etag).toBe(etag);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("compares checksums where both sides have one", () => {
    const withSums = stored.map((part) => ({ ...part, sha256: `s${part.partNumber}` }));
    const kind = (sha256: string) =>
      decideCompletion(
        upload,
        [{ ...named[0], partNumber: 1, etag: "e1", sha256 }, ...named.slice(1)],
        withSums,
      ).kind;
    expect([kind("s1"), kind("other")]).toEqual(["complete", "incomplete"]);
  });
});

describe("the parts of an upload", () => {
  it("have its size together, 5 MiB each at least but the last, and fit on one page of URLs", () => {
    fc.assert(
      fc.property(fc.integer({ min: 104_857_601, max: 524_288_000 }), (size) => {
        const count = partCount(size, PART_SIZE);
        const lengths = Array.from({ length: count }, (_, n) => partLength(size, PART_SIZE, n + 1));
        expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(size);
        expect(lengths.slice(0, -1).every((length) => length === PART_SIZE)).toBe(true);
        expect(lengths.at(-1)).toBeGreaterThan(0);
        expect(PART_SIZE).toBeGreaterThanOrEqual(5 * 1024 ** 2);
        expect(count).toBeLessThanOrEqual(100);
      }),
    );
  });

  it("are for what a form does not take", () => {
    expect([isMultipart(104_857_600), isMultipart(104_857_601)]).toEqual([false, true]);
  });
});
