/**
 * Unicode word segmentation (UAX #29) as Lucene's StandardTokenizer cuts it, checked against OpenSearch 2.19's
 * `_analyze`. Intl.Segmenter is not used: ICU cuts Chinese, Japanese and Thai by dictionary, Lucene does not.
 */
const EXTEND = "[[\\p{M}\\p{Cf}\\uff9e\\uff9f]--[\\u200b]]";
// Scripts written without spaces: Lucene keeps a whole run as one token.
const COMPLEX =
  "[[\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Myanmar}\\p{Script=Khmer}]&&[\\p{L}\\p{M}]]";
const LETTER =
  "[[[\\p{Alphabetic}\\p{Script=Hangul}]--[\\p{M}\\p{Ideographic}\\p{Script=Hiragana}\\p{Script=Katakana}\\u30fc\\uff70\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Myanmar}\\p{Script=Khmer}]]\\u3005]";
const KATAKANA = "[\\p{Script=Katakana}\\u30fc\\uff70\\u3031-\\u3035\\u309b\\u309c]";
const letter = `${LETTER}${EXTEND}*`;
const digit = `\\p{Nd}${EXTEND}*`;
const midLetter = `[:.'\\u00b7\\u2018\\u2019\\u2024\\u2027\\ufe13\\ufe52\\ufe55\\uff07\\uff0e\\uff1a]${EXTEND}*`;
const midNumber = `[,.;'\\u037e\\u0589\\u060c\\u060d\\u066c\\u07f8\\u2018\\u2019\\u2024\\u2044\\ufe10\\ufe14\\ufe50\\ufe52\\ufe54\\uff07\\uff0c\\uff0e\\uff1b]${EXTEND}*`;
const letters = `${letter}(?:(?:${midLetter})?${letter})*`;
const digits = `${digit}(?:(?:${midNumber})?${digit})*`;
const katakana = `${KATAKANA}${EXTEND}*(?:${KATAKANA}${EXTEND}*)*`;
const hebrew = `(?:\\p{Script=Hebrew}["']\\p{Script=Hebrew}|\\p{Script=Hebrew}')`;
const part = `(?:${letters}|${digits})+`;
const EMOJI = "\\p{RGI_Emoji}|\\p{Extended_Pictographic}\\ufe0f?";
const TOKEN = new RegExp(
  [
    EMOJI,
    `(?:\\p{Script=Hebrew}${EXTEND}*)*${hebrew}(?:${part})?`,
    // An underscore joins words and digits but is no token alone.
    `_*(?:${part}|${katakana})(?:_+(?:${part}|${katakana}))*_*`,
    `${COMPLEX}+`,
    `[[\\p{Ideographic}\\p{Script=Hiragana}]--[\\u3006]]${EXTEND}*`,
  ].join("|"),
  "gv",
);
// The same grammar for plain ASCII, which most text is and which it serves several times faster.
const ASCII_TOKEN =
  /_*(?:[A-Za-z]+(?:[:.'][A-Za-z]+)*|\d+(?:[,.;']\d+)*)+(?:_+(?:[A-Za-z]+(?:[:.'][A-Za-z]+)*|\d+(?:[,.;']\d+)*)+)*_*/g;
const MAX_TOKEN_LENGTH = 255;

/** Cuts text into tokens, in order; tokens longer than 255 characters are cut again, as Lucene does. */
export function standardTokens(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is "all of ASCII".
  const tokens = text.match(/^[\x00-\x7f]*$/.test(text) ? ASCII_TOKEN : TOKEN) ?? [];
  if (!tokens.some((token) => token.length > MAX_TOKEN_LENGTH)) return tokens;
  return tokens.flatMap((token) => token.match(/.{1,255}/gsu) ?? []);
}
