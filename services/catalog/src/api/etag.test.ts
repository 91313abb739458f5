import { describe, expect, it } from "vitest";
import { etagOf, ifMatch, notModified } from "./etag.ts";

describe("conditional requests", () => {
  it("match any version when nothing is said", () => {
    expect(ifMatch(undefined)(3)).toBe(true);
    expect(notModified(undefined, 3)).toBe(false);
  });

  it("match by strong comparison for changes", () => {
    expect(ifMatch(etagOf(3))(3)).toBe(true);
    expect(ifMatch('"1", "3"')(3)).toBe(true);
    expect(ifMatch("*")(3)).toBe(true);
    for (const other of ['"2"', 'W/"3"', "3", "", '"33"', "nonsense"]) {
      expect(ifMatch(other)(3), other).toBe(false);
    }
  });

  it("match by weak comparison for reads", () => {
    expect(notModified('W/"3"', 3)).toBe(true);
    expect(notModified('"2", "3"', 3)).toBe(true);
    expect(notModified("*", 3)).toBe(true);
    expect(notModified('"2"', 3)).toBe(false);
  });
});
