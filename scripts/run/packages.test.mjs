import { expect, it } from "vitest";
import { isInstalled } from "./packages.mjs";

const lock = {
  packages: {
    "": { version: "0.1.0" },
    shared: { version: "0.1.0" },
    "node_modules/@shoebox/shared": { resolved: "shared" },
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/other-platform": { version: "1.0.0", integrity: "sha512-o", optional: true },
  },
};
const installed = {
  "node_modules/@shoebox/shared": { resolved: "shared" },
  "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
};

it("optional packages of other platforms may be missing", () => {
  expect(isInstalled(lock, { packages: installed })).toBe(true);
});

it("what is installed beyond the lock file does no harm", () => {
  const more = { ...installed, "node_modules/b": { version: "3.0.0" } };
  expect(isInstalled(lock, { packages: more })).toBe(true);
});

it.each([
  ["another version", { "node_modules/a": { version: "1.0.1", integrity: "sha512-a" } }],
  ["another content", { "node_modules/a": { version: "1.0.0", integrity: "sha512-b" } }],
  ["an absence", { "node_modules/a": undefined }],
  ["a workspace elsewhere", { "node_modules/@shoebox/shared": { resolved: "old/shared" } }],
])("%s is seen", (_, change) => {
  const packages = Object.fromEntries(
    Object.entries({ ...installed, ...change }).flatMap(([path, entry]) =>
      entry ? [[path, entry]] : [],
    ),
  );
  expect(isInstalled(lock, { packages })).toBe(false);
});
