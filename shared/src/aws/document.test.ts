import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { NEEDLESS } from "./document.ts";

describe("what is left out of the SDK's work", () => {
  it("is there to be left out, by the names that it has in this version", () => {
    const { middlewareStack } = new DynamoDBClient({ region: "eu-west-1" });
    for (const name of NEEDLESS) expect(middlewareStack.remove(name)).toBe(true);
  });
});
