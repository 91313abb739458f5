import type { Word } from "./words.ts";

/** A part of OpenSearch's query DSL. */
export type Clause = Record<string, unknown>;

/** The part of a search that is said in words. */
export interface WordSearch {
  /** All of them. */
  words: Word[];
  /** Words that are almost right are found too. */
  typos: boolean;
  /** The last word may be the beginning of one. */
  asYouType: boolean;
}

/**
 * What makes one picture more relevant than another: facts about the picture and the query alone,
 * never about the rest of the index. So a score does not move while other pictures come and go, a
 * cursor by relevance is as exact as one by date, and every engine, shard and replica agrees.
 */
const AS_TYPED = 4;
const IS_A_TAG = 2;
const IN_A_ROW = 1;

const FUZZY = { fuzziness: "AUTO", prefix_length: 1, max_expansions: 50 };

/** Written without spaces: the analyzer takes each such character for a word. */
const UNSPACED = /[\p{Ideographic}\p{Script=Hiragana}]/u;
const UP_TO_LAST_UNSPACED = /^.*[\p{Ideographic}\p{Script=Hiragana}]/su;
const LETTER = /[\p{L}\p{N}]/u;

/** All words are needed; one that the analyzer cuts in several has them in a row. */
export function wordFilters({ words, typos, asYouType }: WordSearch): Clause[] {
  return words.flatMap(({ text }, position) => {
    if (asYouType && position === words.length - 1) return begun(text, typos);
    return [typos ? almost(text) : exactly(text)];
  });
}

/** The more of these hold for a picture, the more relevant it is. */
export function relevance({ words, typos, asYouType }: WordSearch): Clause[] {
  const scored = (filter: Clause, boost: number) => ({ constant_score: { filter, boost } });
  return [
    ...(typos || asYouType ? words.map(({ text }) => scored(exactly(text), AS_TYPED)) : []),
    ...words.flatMap(({ tag }: Word) => (tag ? [scored({ term: { tags: tag } }, IS_A_TAG)] : [])),
    ...(words.length > 1
      ? [scored(exactly(words.map(({ text }) => text).join(" ")), IN_A_ROW)]
      : []),
  ];
}

/** A word without a token, a single mark for example, is asked of no picture. */
function exactly(query: string): Clause {
  return { match_phrase: { words: { query, zero_terms_query: "all" } } };
}

function almost(query: string): Clause {
  if (UNSPACED.test(query)) return exactly(query);
  const options = { query, operator: "and", zero_terms_query: "all" };
  return { match: { words: { ...options, ...FUZZY } } };
}

/** The beginning of a word. Of a text without spaces only what follows its last single-character word is one. */
function begun(text: string, typos: boolean): Clause[] {
  const [whole = ""] = UP_TO_LAST_UNSPACED.exec(text) ?? [];
  const rest = text.slice(whole.length);
  const before = whole === "" ? [] : [exactly(whole)];
  if (rest === "") return before;
  if (!LETTER.test(rest)) return [...before, exactly(rest)];
  const options = { query: rest, operator: "and" };
  const beginning = { match_bool_prefix: { words: { ...options, ...(typos && FUZZY) } } };
  if (!typos) return [...before, beginning];
  return [...before, { bool: { should: [beginning, almost(rest)], minimum_should_match: 1 } }];
}
