import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../errors.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";

const position = fc.jsonValue();

/** What decoding throws, or undefined. */
function refusal(cursor: string, scope: unknown): unknown {
  try {
    decodeCursor(cursor, scope);
  } catch (error) {
    return error;
  }
  return undefined;
}

function expectRefused(cursor: string, scope: unknown = "s") {
  const error = refusal(cursor, scope);
  expect(error instanceof AppError && error.code).toBe("invalid-cursor");
}

describe("a cursor", () => {
  it("comes back as it went, in its own scope", () => {
    fc.assert(
      fc.property(position, position, (place, scope) => {
        const sent = JSON.parse(JSON.stringify(place)) as unknown;
        expect(decodeCursor(encodeCursor(place, scope), scope)).toEqual(sent);
      }),
    );
  });

  it("is safe in a URL", () => {
    fc.assert(
      fc.property(position, (place) => {
        expect(encodeCursor(place, 1)).toMatch(/^[\w-]+$/);
      }),
    );
  });

  it("is refused in another's scope", () => {
    const scope = ["ann", { tag: "sea" }];
    const cursor = encodeCursor({ id: 1 }, scope);
    expectRefused(cursor, ["bob", { tag: "sea" }]);
    expectRefused(cursor, ["ann", { tag: "se" }]);
  });

  it("is refused with any one bit flipped", () => {
    const place = fc.record({ id: fc.string() });
    fc.assert(
      fc.property(place, fc.nat(), (value, bit) => {
        const bytes = Buffer.from(encodeCursor(value, "s"), "base64url");
        const at = bit % (bytes.length * 8);
        bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
        expectRefused(bytes.toString("base64url"));
      }),
    );
  });

  it("is refused cut short, made longer or written otherwise", () => {
    const cursor = encodeCursor({ id: 1 }, "s");
    for (const wrong of [cursor.slice(0, -1), `${cursor}A`, `${cursor}=`, ` ${cursor}`, ""]) {
      expectRefused(wrong);
    }
  });

  it("that is any text at all leads to a 400 and nothing else", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => expectRefused(text)));
  });

  it("that is no JSON inside a valid tag leads to a 400 too", () => {
    const payload = Buffer.from("{oops");
    const tag = createHash("sha256").update('"s"').update("\0").update(payload).digest();
    const forged = Buffer.concat([tag.subarray(0, 12), payload]).toString("base64url");
    expectRefused(forged);
  });
});
