import { Tag } from "@shoebox/shared/image";

/** One word of a query: as it is looked for, and the tag that it is, if it could be one. */
export interface Word {
  text: string;
  tag?: string;
}

/** What a query says in words, or what is wrong with it, as a sentence for whoever wrote it. */
export type Parsed = { words: Word[] } | { mistake: string };

const MAX_WORDS = 20;
const MAX_WORD_LENGTH = 64;

const NOT_TEXT = /[\p{Cc}\ufffd]/u;
const WILDCARD = /[*?]/;
/** What other engines take for an operator when a word begins with it. */
const OPERATOR = /^[-+!~^|&=<>"]+(?=[\p{L}\p{N}])/u;
const SEARCHABLE = /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u;

// Accents of Latin, Greek and Cyrillic, points of Hebrew, vowel signs of Arabic: who searches leaves them out.
const OPTIONAL_MARKS = /[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/g;

const BEYOND_ASCII = /[^\p{ASCII}]/u;

/**
 * Text in the one form in which it is indexed and looked for, so that the two meet however they were
 * typed: composed or not, full width or half, with accents or without, in the digits of any script,
 * and with every mark between letters as the end of a word (`l'été`, `IMG_2024.jpg`, `wi-fi`). The
 * engine's analyzer cuts it into words and takes away case; what it does differently from one engine
 * to the next, or not for every script, is done here.
 */
export function foldText(text: string): string {
  // Most words are ASCII, which has no other form: they take the last step alone.
  const folded = BEYOND_ASCII.test(text) ? inOneForm(text) : text;
  return folded.replace(/\p{P}+/gu, " ");
}

function inOneForm(text: string): string {
  return text
    .normalize("NFKD")
    .replace(OPTIONAL_MARKS, "")
    .normalize("NFC")
    .replace(/ς/g, "σ")
    .replace(/\p{Nd}/gu, asciiDigit);
}

/** Digits stand in the order of their values in every script, and the zero follows something else. */
function asciiDigit(digit: string): string {
  const codePoint = digit.codePointAt(0) ?? 0;
  let zero = codePoint;
  while (zero > codePoint - 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(codePoint - zero);
}

/**
 * The words of a query. There is no syntax: marks that mean something elsewhere are refused where they
 * would have meant it, so that nobody takes an empty answer for the truth, and are text anywhere else.
 */
export function parseWords(query: string): Parsed {
  if (!query.isWellFormed() || NOT_TEXT.test(query)) {
    return { mistake: "must be Unicode text without control characters" };
  }
  const words: Word[] = [];
  for (const typed of query.split(/\s+/u)) {
    if (WILDCARD.test(typed)) {
      return { mistake: "takes no wildcards: leave `*` and `?` out" };
    }
    const [operator] = OPERATOR.exec(typed) ?? [];
    if (operator !== undefined) {
      return { mistake: `takes no operators: a word can't begin with \`${operator}\`` };
    }
    const text = foldText(typed).trim();
    if ([...text].length > MAX_WORD_LENGTH) {
      return { mistake: `takes words of up to ${MAX_WORD_LENGTH} characters` };
    }
    if (!SEARCHABLE.test(text)) continue;
    const tag = Tag.safeParse(typed.replace(/^#/, ""));
    words.push({ text, ...(tag.success && { tag: tag.data }) });
  }
  if (words.length > MAX_WORDS) return { mistake: `takes up to ${MAX_WORDS} words` };
  if (words.length === 0) return { mistake: "has no word in it" };
  return { words };
}
