import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { everybodyReaches } from "./account.ts";
import { findJava } from "./java.ts";
import { firstError } from "./maven.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "shoebox-java-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A folder that looks like a Java's, which says of itself what it is told. */
function javaThatSays(text: string): string {
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin", "java"), `#!/bin/sh\ncat >&2 <<'END'\n${text}\nEND\n`);
  chmodSync(join(folder, "bin", "java"), 0o755);
  return folder;
}

describe("the Java that engines run on", () => {
  it("is where it says it is", async () => {
    const home = javaThatSays(
      "    java.home = /opt/java-21\n    java.specification.version = 21\nopenjdk",
    );
    expect(await findJava(home)).toEqual({ home: "/opt/java-21", version: 21 });
  });

  it.each([
    ["1.8", "is Java 8"],
    ["11", "is Java 11"],
    ["24", "is Java 24"],
  ])("may not be %s, and one sentence says so", async (version, words) => {
    const home = javaThatSays(
      `    java.home = /opt/java\n    java.specification.version = ${version}`,
    );
    await expect(findJava(home)).rejects.toThrow(new RegExp(`^This needs Java 17 to 23.*${words}`));
  });

  it("is asked for in one sentence when it is missing", async () => {
    await expect(findJava(folder)).rejects.toThrow(
      /^This needs Java 17 or newer and there is none/,
    );
  });
});

it("what Maven says is cut to what went wrong", () => {
  const output = "[INFO] x\n\u001b[31m[ERROR] Could not find artifact a:b:1\n[ERROR] Help 1";
  expect(firstError(output)).toBe("Could not find artifact a:b:1");
  expect(firstError("")).toMatch(/run mvn by hand/);
});

it("a folder is out of everybody's reach when one above it is", () => {
  chmodSync(folder, 0o755);
  const below = join(folder, "a", "b");
  mkdirSync(below, { recursive: true });
  const before = everybodyReaches(below);
  chmodSync(folder, 0o700);
  expect([before, everybodyReaches(below)]).toEqual([everybodyReaches(folder), false]);
});
