import { expect, it } from "vitest";
import { explainNpmFailure } from "./npm-failure.mjs";

it.each([
  ["ENOTFOUND", "npm error code ENOTFOUND\nnpm error errno ENOTFOUND"],
  ["EAI_AGAIN", "npm error code EAI_AGAIN"],
  ["ECONNREFUSED", "npm error code ECONNREFUSED"],
  ["ERR_SOCKET_TIMEOUT", "npm error code ERR_SOCKET_TIMEOUT"],
  ["E503", "npm error code E503\nnpm error 503 Service Unavailable"],
])("%s means that the registry can't be reached", (code, output) => {
  expect(explainNpmFailure("ci", output, 1)).toMatch(
    new RegExp(`^Shoebox can't reach the npm registry \\(${code}\\).*start again\\.$`),
  );
});

it("a full disk is told from a folder that can't be written", () => {
  expect(explainNpmFailure("ci", "npm error code ENOSPC", 1)).toContain("disk is full");
  expect(explainNpmFailure("ci", "npm error code EACCES", 1)).toContain("can't be written");
});

it("anything else is npm's first sentence", () => {
  const output =
    "npm warn old lockfile\nnpm error code EUSAGE\nnpm error\nnpm error Not in sync.\n";
  expect(explainNpmFailure("ci", output, 1)).toBe("npm ci failed (1): Not in sync.");
});

it("silence and signals have a sentence too", () => {
  expect(explainNpmFailure("ci", "", 254)).toMatch(/^npm ci failed \(254\): it gave no reason/);
  expect(explainNpmFailure("ci", "", "SIGTERM")).toBe(
    "The installation was interrupted (SIGTERM).",
  );
});
