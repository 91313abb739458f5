import { describe, expect, it } from "vitest";
import { compilePolicy } from "./policy.ts";

const ARN = "arn:aws:execute-api:us-east-1:000000000000:abc/live/GET/v1/images/1";

function statement(Effect: string, Resource: unknown, Action: unknown = "execute-api:Invoke") {
  return { Effect, Resource, Action };
}

describe("an authorizer's policy", () => {
  it.each([
    ["the very method", [statement("Allow", ARN)], "allow"],
    ["the whole stage", [statement("Allow", "arn:aws:execute-api:*:*:abc/live/*")], "allow"],
    ["one of several resources", [statement("Allow", ["other", "*/GET/v1/*"])], "allow"],
    ["an action wildcard in any case", [statement("Allow", "*", ["EXECUTE-API:*"])], "allow"],
    ["a character wildcard", [statement("Allow", ARN.replace("/1", "/?"))], "allow"],
    ["another method", [statement("Allow", ARN.replace("GET", "PUT"))], "implicit-deny"],
    ["another stage", [statement("Allow", "*/prod/*")], "implicit-deny"],
    ["only a part of the ARN", [statement("Allow", "arn:aws:execute-api")], "implicit-deny"],
    ["another action", [statement("Allow", "*", "execute-api:ManageConnections")], "implicit-deny"],
    ["a dot, which is no wildcard", [statement("Allow", ARN.replace("v1", "v."))], "implicit-deny"],
    ["no statement at all", [], "implicit-deny"],
    [
      "a deny over an allow",
      [statement("Allow", "*"), statement("Deny", "*/GET/*")],
      "explicit-deny",
    ],
  ])("with %s", (_case, Statement, verdict) => {
    expect(compilePolicy({ Version: "2012-10-17", Statement })?.(ARN)).toBe(verdict);
  });

  it("takes a single statement that is not in a list", () => {
    expect(compilePolicy({ Statement: statement("Allow", "*") })?.(ARN)).toBe("allow");
  });

  it.each([
    ["nothing", undefined],
    ["no statement", {}],
    ["an unknown effect", { Statement: [statement("Maybe", "*")] }],
    ["no resource", { Statement: [statement("Allow", undefined)] }],
    ["a condition", { Statement: [{ ...statement("Allow", "*"), Condition: {} }] }],
    ["NotResource", { Statement: [{ Effect: "Allow", Action: "*", NotResource: "x" }] }],
  ])("is not evaluated with %s", (_case, document) => {
    expect(compilePolicy(document)).toBeUndefined();
  });
});
