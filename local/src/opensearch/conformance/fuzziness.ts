import { beforeAll, describe, expect, it } from "vitest";
import type { Harness } from "./harness.ts";

const WORDS = [
  "sunset sun sunsets sunrise snuset unset sunst",
  "bridge bride brigde birdge fridge",
  "cafe café cafés caffe",
  "東京 京東 とうきょう",
  "ab abc acb bac abcd xabc",
  "aaaaa1 aaaaa2 aaaaa3 aaaaa4 aaaa",
  "wi-fi IMG_2041",
  "🎉🎉🎉🎉 🎉🎉🎉🎊",
].flatMap((line) => line.split(" "));

/** Fuzzy matching as a filter: which documents it finds. How it scores them is not part of this. */
export function describeFuzziness(harness: Harness): void {
  describe("fuzziness", () => {
    let index = "";
    async function find(query: object): Promise<string[]> {
      const { body } = await harness.client.search({
        index,
        body: { query: { bool: { filter: [query] } } as never, size: 100, sort: ["word"] },
      });
      return body.hits.hits.map((hit) => String((hit._source as { word: string }).word));
    }
    const near = (query: string, options: object = {}) =>
      find({ match: { text: { query, fuzziness: "AUTO", ...options } } });

    beforeAll(async () => {
      index = harness.name("fuzziness");
      const text = { type: "text" as const };
      const mappings = { properties: { text, word: { type: "keyword" as const } } };
      const settings = { number_of_shards: 1, number_of_replicas: 0 };
      await harness.client.indices.create({ index, body: { settings, mappings } });
      const lines = WORDS.flatMap((word) => [{ index: { _id: word } }, { word, text: word }]);
      const { body } = await harness.client.bulk({ index, refresh: true, body: lines });
      expect(body.errors).toBe(false);
    });

    it.each<[string, object, string[]]>([
      ["sunset", { fuzziness: 0 }, ["sunset"]],
      ["sunset", { fuzziness: 1 }, ["snuset", "sunset", "sunsets", "sunst", "unset"]],
      ["sunset", {}, ["snuset", "sunset", "sunsets", "sunst", "unset"]],
      ["sunset", { prefix_length: 1 }, ["snuset", "sunset", "sunsets", "sunst"]],
      ["sunset", { prefix_length: 2 }, ["sunset", "sunsets", "sunst"]],
      ["sunset", { prefix_length: 6 }, ["sunset", "sunsets"]],
      [
        "sunset",
        { fuzzy_transpositions: false },
        ["snuset", "sunset", "sunsets", "sunst", "unset"],
      ],
      [
        "sunset",
        { fuzziness: 1, fuzzy_transpositions: false },
        ["sunset", "sunsets", "sunst", "unset"],
      ],
      ["bridge", { fuzziness: 1 }, ["birdge", "bride", "bridge", "brigde", "fridge"]],
      ["bridge", {}, ["birdge", "bride", "bridge", "brigde", "fridge"]],
      ["cafe", {}, ["cafe", "caffe", "café"]],
      ["CAFÉ", {}, ["cafe", "café", "cafés"]],
      ["ab", {}, ["ab"]],
      ["abc", {}, ["ab", "abc", "abcd", "acb", "bac", "xabc"]],
      ["abc", { prefix_length: 1 }, ["ab", "abc", "abcd", "acb"]],
      ["abc", { prefix_length: 9 }, ["abc", "abcd"]],
      ["abcde", { fuzziness: "AUTO:3,5" }, ["abc", "abcd"]],
      ["東京", { operator: "and" }, ["京東", "東京"]],
      ["う京", { operator: "and" }, []],
      ["wi-fi", { operator: "and" }, ["wi-fi"]],
      ["wi-fy", { operator: "and" }, []],
      ["img_2042", {}, ["IMG_2041"]],
      ["nothing", {}, []],
    ])("%s with %j finds %j", async (query, options, expected) => {
      expect((await near(query, options)).toSorted()).toEqual(expected.toSorted());
    });

    it("stands for so many tokens at most: the nearest, then the first in order", async () => {
      const options = { fuzziness: 2, max_expansions: 3 };
      expect(await near("aaaaa2", options)).toEqual(["aaaaa1", "aaaaa2", "aaaaa3"]);
      expect(await near("aaaaa9", options)).toEqual(["aaaaa1", "aaaaa2", "aaaaa3"]);
      expect(await near("aaaaa9", { ...options, max_expansions: 50 })).toHaveLength(5);
    });

    it("needs all words, each as near as its own length allows", async () => {
      const both = [{ index: { _id: "both" } }, { word: "both", text: "golden gate bridge" }];
      await harness.client.bulk({ index, refresh: true, body: both });
      const all = { operator: "and", prefix_length: 1 };
      expect(await near("goldne gat brigde", all)).toEqual(["both"]);
      expect(await near("goldne gxxe brigde", all)).toEqual([]);
      const begun = { query: "goldne bri", fuzziness: "AUTO", operator: "and" };
      expect(await find({ match_bool_prefix: { text: begun } })).toEqual(["both"]);
      const wrongBeginning = { ...begun, query: "golden bir" };
      expect(await find({ match_bool_prefix: { text: wrongBeginning } })).toEqual([]);
      await harness.client.delete({ index, id: "both", refresh: true });
    });
  });
}
