import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../errors.ts";
import { newImageId } from "../ids.ts";
import { encodeCursor } from "./cursor.ts";
import { parseVersionToken, versionToken } from "./version-token.ts";

const imageId = newImageId(1_700_000_000_000);

function refusal(token: string, ownerId: string): unknown {
  try {
    return parseVersionToken(token, ownerId, "after");
  } catch (error) {
    return error instanceof AppError && [error.code, error.fields[0]?.field];
  }
}

describe("a version token", () => {
  it("names its version to its owner, whatever his name is", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1 }), (owner, version) => {
        const token = versionToken({ imageId, version }, owner);
        expect(token).toMatch(/^[\w-]{1,160}$/);
        expect(parseVersionToken(token, owner, "after")).toEqual({ imageId, version });
      }),
    );
  });

  it("of somebody else is refused, as is a damaged one, a cursor and anything else", () => {
    const token = versionToken({ imageId, version: 3 }, "ann");
    const refused = ["invalid-request", "after"];
    expect(refusal(token, "bob")).toEqual(refused);
    expect(refusal(token.slice(0, -1), "ann")).toEqual(refused);
    expect(refusal(encodeCursor([imageId, 3], ["ann"]), "ann")).toEqual(refused);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(refusal(text, "ann")).toEqual(refused);
      }),
    );
  });

  it("is refused when it names no version of an image, though it is sealed well", () => {
    for (const content of [["x", 1], [imageId, 0], [imageId, 1.5], [imageId], {}, null]) {
      const forged = encodeCursor(content, ["version-token", "ann"]);
      expect(refusal(forged, "ann")).toEqual(["invalid-request", "after"]);
    }
  });
});
