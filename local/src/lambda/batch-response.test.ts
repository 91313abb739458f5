import { describe, expect, it } from "vitest";
import { readBatchResponse } from "./batch-response.ts";

const known = new Set(["a", "b"]);
const failures = (...ids: unknown[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

describe("a partial batch response", () => {
  it.each([
    ["null", null],
    ["an empty object", {}],
    ["an empty list", { batchItemFailures: [] }],
    ["a null list", { batchItemFailures: null }],
  ])("means success when it is %s", (_case, payload) => {
    expect(readBatchResponse(payload, known)).toEqual({ allFailed: false, failed: new Set() });
  });

  it("names what failed", () => {
    expect(readBatchResponse(failures("b"), known)).toEqual({
      allFailed: false,
      failed: new Set(["b"]),
    });
  });

  it.each([
    ["an empty identifier", failures("")],
    ["a null identifier", failures(null)],
    ["an unknown identifier", failures("a", "c")],
    ["a wrong key", { batchItemFailures: [{ id: "a" }] }],
    ["a bare list of ids", { batchItemFailures: ["a"] }],
    ["a list that is none", { batchItemFailures: "a" }],
    ["a string", "ok"],
    ["an array", []],
  ])("fails the whole batch when it has %s", (_case, payload) => {
    expect(readBatchResponse(payload, known)).toEqual({ allFailed: true });
  });
});
