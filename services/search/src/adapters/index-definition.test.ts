import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { definition, SCHEMA } from "./index-definition.ts";

/** What each number stands for, for ever: an index's name says by which definition it was made. */
const frozen: Record<number, string> = {
  2: "4d3e2407c1981e1ca8f4b65fd9cf398c6c6192e9ebe4d7b9d17fa48e30db7aff",
};

describe("the definition of the index", () => {
  it("is the one that its number was given to; a changed one takes the next number", () => {
    const digest = createHash("sha256").update(JSON.stringify(definition)).digest("hex");
    expect({ [SCHEMA]: digest }).toEqual({ [SCHEMA]: frozen[SCHEMA] });
    expect(Math.max(...Object.keys(frozen).map(Number))).toBe(SCHEMA);
  });

  it("is strict: a field nobody thought of is refused, not guessed at", () => {
    expect(definition.mappings).toMatchObject({ dynamic: "strict" });
  });
});
