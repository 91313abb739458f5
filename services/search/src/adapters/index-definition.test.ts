import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { imageDocument } from "../domain/document.ts";
import { picture } from "../search.testkit.ts";
import { definition, indexBody, SCHEMA } from "./index-definition.ts";

/** What each number stands for, for ever: an index's name says by which definition it was made. */
const frozen: Record<number, string> = {
  3: "5be62cca76c75e959f08f297da32215937bbe9d3deceb265958288aa2a33f423",
};

/** Text in which every rule of the folding shows. */
const TEXT =
  "L\u2019\u00e9t\u00e9 e\u0301te\u0301 \u0391\u0394\u0395\u039b\u03a6\u039f\u03a3 \u03b1\u03b4\u03b5\u03bb\u03c6\u03cc\u03c2 \uff29\uff2d\uff27_\u0662\u0660\u0662\u0664 wi-fi \u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd \u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f \u304c\u304e \u0439 \u00df \u0130 \ud83c\udfd6\ufe0f";

describe("the definition of the index", () => {
  it("is the one that its number was given to; a changed one takes the next number", () => {
    const image = { ...picture({ ownerId: "ann" }), caption: TEXT, fileName: TEXT, tags: ["été"] };
    const document = imageDocument(image);
    const words = document.deleted ? undefined : document.words;
    const made = JSON.stringify({ definition, fields: Object.keys(document).toSorted(), words });
    const digest = createHash("sha256").update(made).digest("hex");
    expect({ [SCHEMA]: digest }).toEqual({ [SCHEMA]: frozen[SCHEMA] });
    expect(Math.max(...Object.keys(frozen).map(Number))).toBe(SCHEMA);
  });

  it("is strict: a field nobody thought of is refused, not guessed at", () => {
    expect(definition.mappings).toMatchObject({ dynamic: "strict" });
  });

  it("is the same in every size", () => {
    const { settings, ...rest } = indexBody({ shards: 6, replicas: 1 });
    expect(rest).toEqual({ mappings: definition.mappings });
    const index = { number_of_shards: 6, number_of_replicas: 1, refresh_interval: "1s" };
    expect(settings).toMatchObject({ ...definition.settings, index });
  });

  it("has slow queries and writes logged: without a threshold the engine logs none", () => {
    const { search, indexing } = indexBody({ shards: 1, replicas: 0 }).settings?.index ?? {};
    expect(search?.slowlog?.threshold?.query?.warn).toBe("1s");
    expect(indexing?.slowlog?.threshold?.index?.warn).toBe("1s");
  });
});
