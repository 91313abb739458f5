import { expect, it } from "vitest";
import { behaviorFor, type CdnBehavior } from "./distribution.ts";
import { wildcardMatches } from "./wildcard.ts";

it.each([
  ["*", "", true],
  ["a*c", "abbc", true],
  ["a*c", "abbcd", false],
  ["*a*a*", "banana", true],
  ["?", "", false],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["images/*.jpg", "images/a/b.jpg", true],
  ["images/*.jpg", "images/a.JPG", false],
  ["a.c", "abc", false],
])("%s against %s: %s", (pattern, text, expected) => {
  expect(wildcardMatches(pattern, text)).toBe(expected);
});

it("needs no more than pattern times text for a hostile pattern", () => {
  const start = performance.now();
  expect(wildcardMatches("*a".repeat(500), "b".repeat(8_000))).toBe(false);
  expect(wildcardMatches(`${"*a".repeat(200)}c`, "a".repeat(8_000))).toBe(false);
  expect(performance.now() - start).toBeLessThan(1_000);
});

it("takes the first behaviour that matches, and the default one last wherever it stands", () => {
  const behavior = (pathPattern: string): CdnBehavior => ({
    pathPattern,
    bucket: pathPattern,
    signed: false,
    allowedQueryStrings: [],
  });
  const behaviors = ["default", "/images/private/*", "images/*"].map(behavior);
  expect(behaviorFor(behaviors, "/images/private/a")?.bucket).toBe("/images/private/*");
  expect(behaviorFor(behaviors, "/images/a")?.bucket).toBe("images/*");
  expect(behaviorFor(behaviors, "/Images/a")?.bucket).toBe("default");
});
