import { RejectedError, ShoeboxError } from "@shoebox/client";
import { expect, it } from "vitest";
import { explain } from "./explain.ts";
import { Failure } from "./failure.ts";

const problem = (code: string, status: number, more: object = {}) =>
  new ShoeboxError({
    type: `urn:shoebox:problem:${code}`,
    title: "…",
    status,
    detail: "It is so.",
    requestId: "r-1",
    ...more,
  });

it.each([
  [problem("not-found", 404), 4, "It is so."],
  [problem("forbidden", 403), 3, "It is so."],
  [problem("unauthorized", 401), 3, /shoebox login/],
  [problem("conflict", 409), 1, "It is so."],
  [problem("internal", 500), 1, "It is so. (request r-1)"],
  [
    problem("invalid-request", 400, { errors: [{ field: "tags.0", message: "is too long" }] }),
    1,
    "tags.0 is too long.",
  ],
  [
    new ShoeboxError({ type: "about:blank", title: "", status: 0, detail: "No answer." }),
    5,
    "No answer. Is it running?",
  ],
  [new Failure("No.", 2), 2, "No."],
  [
    new RejectedError("i", "processing", { code: "undecodable", message: "Damaged." }),
    1,
    "Rejected (undecodable): Damaged.",
  ],
])("%s ends with its own exit code and one sentence", (error, exitCode, sentence) => {
  const explained = explain(error);
  expect(explained?.exitCode).toBe(exitCode);
  if (typeof sentence === "string") expect(explained?.sentence).toBe(sentence);
  else expect(explained?.sentence).toMatch(sentence);
});

it("a file that can't be read is named, without the words of the system call", async () => {
  const error = await import("node:fs/promises").then(({ stat }) =>
    stat("no/such/file").catch((thrown: unknown) => thrown),
  );
  expect(explain(error)?.sentence).toBe("no/such/file: no such file or directory.");
});

it("what nobody expected is no failure of the user's", () => {
  expect(explain(new TypeError("x is not a function"))).toBeUndefined();
});
