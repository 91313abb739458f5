import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldText, parseWords } from "./words.ts";

const textsOf = (query: string) => {
  const parsed = parseWords(query);
  return "words" in parsed ? parsed.words.map(({ text }) => text) : parsed.mistake;
};

describe("text is folded to one form", () => {
  it.each([
    ["composed or not", "cafe\u0301", "café", "cafe"],
    ["full width", "Ａｂ１", "Ab1", "Ab1"],
    ["half-width katakana", "ｶﾒﾗ ｶﾞ", "カメラ ガ", "カメラ ガ"],
    ["kana keep their marks", "か\u3099", "が", "が"],
    ["Greek accents and the last sigma", "Αθήνας", "Αθηνασ", "Αθηνασ"],
    ["Cyrillic", "ёлка", "елка", "елка"],
    ["Arabic vowel signs and hamza", "أَحْمَد", "احمد", "احمد"],
    ["Hebrew points", "שָׁלוֹם", "שלום", "שלום"],
    ["Vietnamese", "Hà Nội", "Ha Noi", "Ha Noi"],
    ["Hangul", "한국".normalize("NFD"), "한국", "한국"],
    ["Hindi keeps its vowels", "हिन्दी", "हिन्दी", "हिन्दी"],
    ["digits of any script", "۲۰۲۴ ٢٠٢٤ २०२४", "2024 2024 2024", "2024 2024 2024"],
    ["ligatures", "ﬁne", "fine", "fine"],
    ["marks between letters", "IMG_2024-l'été.jpg", "IMG 2024 l ete jpg", "IMG 2024 l ete jpg"],
  ])("%s", (_, one, other, folded) => {
    expect(foldText(one)).toBe(folded);
    expect(foldText(other)).toBe(folded);
  });

  it("the same with a letter beyond ASCII in it as without", () => {
    const ascii = fc.string({ unit: "binary-ascii" });
    fc.assert(fc.property(ascii, (text) => foldText(`${text}é`) === `${foldText(text)}e`));
  });

  it("once and for all", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(fc.property(text, (given) => foldText(foldText(given)) === foldText(given)));
  });
});

describe("the words of a query", () => {
  it("are what stands between spaces of any kind, marks left out", () => {
    expect(textsOf("  Golden\u3000gate  –  bridge, (1937)! ")).toEqual([
      "Golden",
      "gate",
      "bridge",
      "1937",
    ]);
    expect(textsOf("sunset - lisbon & sea")).toEqual(["sunset", "lisbon", "sea"]);
    expect(textsOf("lisbon-trip don't 🎉 東京タワー")).toEqual([
      "lisbon trip",
      "don t",
      "🎉",
      "東京タワー",
    ]);
  });

  it("know the tag that they could be", () => {
    expect(parseWords("#Lisbon-Trip a.b")).toEqual({
      words: [{ text: "Lisbon Trip", tag: "lisbon-trip" }, { text: "a b" }],
    });
  });

  it.each([
    ["sun*", "wildcards"],
    ["su?set", "wildcards"],
    ["*", "wildcards"],
    ["-sunset", "operators"],
    ["beach -sunset", "operators"],
    ["+sunset", "operators"],
    ["!sunset", "operators"],
    ['"golden gate"', "operators"],
    ["~sunset", "operators"],
    ["||sunset", "operators"],
    ["nul\0", "control characters"],
    ["line\nbreak", "control characters"],
    ["\u009f", "control characters"],
    ["half \ud83d", "Unicode"],
    ["lost \ufffd", "Unicode"],
    ["x".repeat(65), "up to 64 characters"],
    ["ﷺ".repeat(5), "up to 64 characters"],
    [Array.from({ length: 21 }, (_, i) => `w${i}`).join(" "), "up to 20 words"],
    ["...", "no word"],
    ["- – —", "no word"],
    ["()", "no word"],
  ])("%j is refused: %s", (query, reason) => {
    expect(textsOf(query)).toContain(reason);
    expect(typeof textsOf(query)).toBe("string");
  });

  it("of any text have neither marks nor control characters, and are few and short", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (query) => {
        const parsed = parseWords(query);
        if ("mistake" in parsed) {
          expect(parsed.mistake).toMatch(/^(must|takes|has) /);
          return;
        }
        expect(parsed.words.length).toBeLessThanOrEqual(20);
        for (const { text } of parsed.words) {
          expect(text).not.toMatch(/[\p{P}\p{Cc}]/u);
          expect([...text].length).toBeLessThanOrEqual(64);
        }
      }),
      { numRuns: 30 },
    );
  });
});
