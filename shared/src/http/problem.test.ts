import { describe, expect, it } from "vitest";
import { AppError, type ErrorCode, errorCodes } from "../errors.ts";
import { toProblem } from "./problem.ts";
import { problems } from "./problem-responses.ts";

describe("a problem document", () => {
  it.each([
    new Error("password=hunter2"),
    Object.assign(new TypeError("hunter2"), { code: "not-found", fields: ["hunter2"] }),
    "hunter2",
    { message: "hunter2", status: 200 },
    undefined,
  ])("of an unknown error says nothing but that there was one (%#)", (thrown) => {
    const problem = toProblem(thrown, "r-1");
    expect(problem).toEqual({
      type: "urn:shoebox:problem:internal",
      title: "Internal error",
      status: 500,
      detail: expect.any(String),
      requestId: "r-1",
    });
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  });

  it("of a known error tells what is wrong, and never its cause", () => {
    const fields = [{ field: "tags.0", message: "too long" }];
    const error = new AppError("invalid-request", "Not valid.", { fields, cause: "hunter2" });
    expect(toProblem(error, "r-1")).toEqual({
      type: "urn:shoebox:problem:invalid-request",
      title: "The request is not valid",
      status: 400,
      detail: "Not valid.",
      requestId: "r-1",
      errors: fields,
    });
  });

  it.each(Object.keys(errorCodes) as ErrorCode[])("has a status for %s", (code) => {
    expect(toProblem(new AppError(code, "x"), "r").status).toBeGreaterThanOrEqual(400);
  });

  it("is declared for each status of a route once, with what it means there", () => {
    const declared = problems("conflict", { "in-flight": "Wait" }, "unauthorized");
    expect(Object.keys(declared)).toEqual(["401", "409", "429", "500"]);
    expect(declared["409"]?.description).toBe(`${errorCodes.conflict.title}; Wait`);
    expect(declared["401"]?.description).toBe(errorCodes.unauthorized.title);
  });
});
