import { describe, expect, it } from "vitest";
import { buildAnalysis } from "./analyzers.ts";
import { foldToAscii } from "./ascii-folding.ts";

const analyze = (text: string) => buildAnalysis(undefined).analyzers.get("standard")?.(text);

// The right-hand sides are the answers of OpenSearch 2.19.1's _analyze.
describe("the standard analyzer", () => {
  it.each([
    ["a:b c.d e'f 1.5 1,000 x1.y a.1", "a:b|c.d|e'f|1.5|1,000|x1|y|a|1"],
    ["foo_bar _ __ _a wi-fi O’Neil C++ #tag @me", "foo_bar|_a|wi|fi|o’neil|c|tag|me"],
    ["v2.0-rc1 a;b 1;2 1:2 don't img_2041.jpg", "v2.0|rc1|a|b|1;2|1|2|don't|img_2041|jpg"],
    ["東京タワー ひら 々々 〆切 1東 カa カ_a", "東|京|タワー|ひ|ら|々々|切|1|東|カ|a|カ_a"],
    ["한국어abc ไทยภาษา Łódź e\u0301x İI ΣΑΣ", "한국어abc|ไทยภาษา|łódź|e\u0301x|ii|σασ"],
    ["🎉party 👩‍👩‍👧 1️⃣ © ½ ① x² 🇩🇪🇫🇷 👍🏽", "🎉|party|👩‍👩‍👧|1️⃣|©|x|🇩🇪|🇫🇷|👍🏽"],
    ["عربي ש\"ל ג' हिन्दी Ёж zero\u200bwidth", "عربي|ש\"ל|ג'|हिन्दी|ёж|zero|width"],
    ["!! -- …", ""],
  ])("cuts %s as OpenSearch does", (text, tokens) => {
    expect(analyze(text)?.join("|")).toBe(tokens);
  });

  it("cuts tokens of more than 255 characters", () => {
    expect(analyze("x".repeat(300))?.map((token) => token.length)).toEqual([255, 45]);
  });
});

describe("asciifolding", () => {
  it.each([
    ["Café ŒUVRE Straße Łódź Ærø Ðþ", "Cafe OEUVRE Strasse Lodz AEro Dth"],
    ["ﬁ Ａｂ１ ① “q” – ½ ª º ℡", 'fi Ab1 1 "q" - ½ ª º ℡'],
    ["東京 Привет e\u0301", "東京 Привет e\u0301"],
  ])("folds %s as OpenSearch does", (text, folded) => {
    expect(foldToAscii(text)).toBe(folded);
  });
});
