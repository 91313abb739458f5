import { decodeToken, encodeToken } from "../analysis/token-encoding.ts";
import { notSupported } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import type { Field } from "../mapping.ts";
import type { Snapshot } from "../snapshot.ts";
import { compareValues } from "../values.ts";
import { type Clause, NONE } from "./clause.ts";
import { textMatchesEach } from "./text.ts";

/** How far a token of a document may be from one of the query, in Lucene's edits. */
export type Fuzziness = {
  /** Edits allowed for a token of so many code points. */
  edits(length: number): number;
  /** Code points at the beginning that must be the same. */
  prefixLength: number;
  /** How many different tokens one of the query may stand for; the nearest ones win. */
  maxExpansions: number;
  transpositions: boolean;
};

// OpenSearch's defaults.
const MAX_EXPANSIONS = 50;
const SHORT = 3;
const LONG = 6;

/** The fuzziness of a match query, undefined when it has none. */
export function parseFuzziness(body: JsonObject): Fuzziness | undefined {
  if (body.fuzziness === undefined) return undefined;
  return {
    edits: editsOf(String(body.fuzziness).toUpperCase()),
    prefixLength: Number(body.prefix_length ?? 0),
    maxExpansions: Number(body.max_expansions ?? MAX_EXPANSIONS),
    transpositions: String(body.fuzzy_transpositions ?? true) === "true",
  };
}

function editsOf(text: string): Fuzziness["edits"] {
  if (/^[012]$/.test(text)) return () => Number(text);
  const [auto, low = SHORT, high = LONG] = /^AUTO(?::(\d+),(\d+))?$/.exec(text) ?? [];
  if (auto === undefined) throw notSupported(`the fuzziness [${text}]`);
  return (length) => (length < Number(low) ? 0 : length < Number(high) ? 1 : 2);
}

/** Documents with a token that is near enough. It only decides: Lucene's blend of the tokens' scores is not imitated. */
export function fuzzyClause(
  snapshot: Snapshot,
  field: Field,
  token: string,
  fuzziness: Fuzziness,
): Clause {
  const tokens = similarTokens(snapshot, field, token, fuzziness);
  const where = tokens.length === 0 ? NONE : textMatchesEach(field, tokens, "OR");
  const value = () => {
    throw notSupported("the score of a match with [fuzziness]: it can only be a filter");
  };
  return { where, score: { kind: "constant", where, value } };
}

/** The tokens of the index that Lucene's FuzzyQuery expands to: the nearest first, then in the order of their bytes. */
function similarTokens(
  snapshot: Snapshot,
  field: Field,
  token: string,
  { edits, prefixLength, maxExpansions, transpositions }: Fuzziness,
): string[] {
  const wanted = [...token];
  const allowed = edits(wanted.length);
  if (allowed === 0) return [token];
  const prefix = wanted.slice(0, prefixLength);
  const rest = wanted.slice(prefix.length);
  return tokensWith(snapshot, field, prefix.join(""))
    .flatMap((candidate) => {
      const points = [...candidate];
      const suffix = points.slice(prefix.length);
      if (Math.abs(suffix.length - rest.length) > allowed) return [];
      const distance = editDistance(rest, suffix, transpositions);
      if (distance > allowed) return [];
      const shorter = Math.min(points.length, wanted.length);
      return [{ candidate, similarity: Math.fround(1 - distance / shorter) }];
    })
    .sort((a, b) => b.similarity - a.similarity || compareValues(a.candidate, b.candidate))
    .slice(0, maxExpansions)
    .map(({ candidate }) => candidate);
}

/** The tokens of the field that begin with a prefix, of all documents that the snapshot sees. */
function tokensWith(snapshot: Snapshot, field: Field, prefix: string): string[] {
  const { db } = snapshot;
  const table = `v${field.slot}`;
  db.exec(
    `CREATE VIRTUAL TABLE IF NOT EXISTS temp.${table} USING fts5vocab(main, t${field.slot}, 'row')`,
  );
  const start = encodeToken(prefix);
  return db
    .rows(
      `SELECT term FROM temp.${table} WHERE term >= ? AND term < ?`,
      start,
      `${start}\u{10ffff}`,
    )
    .map(([term]) => decodeToken(String(term)));
}

/** Insertions, deletions, substitutions and, if so wanted, swaps of neighbours (optimal string alignment). */
function editDistance(a: string[], b: string[], transpositions: boolean): number {
  let before: number[] = [];
  let previous = b.map((_, j) => j).concat(b.length);
  for (const [i, left] of a.entries()) {
    const row = [i + 1];
    for (const [j, right] of b.entries()) {
      const same = left === right ? 0 : 1;
      let least = Math.min(at(previous, j + 1) + 1, at(row, j) + 1, at(previous, j) + same);
      const swapped = i > 0 && j > 0 && left === b[j - 1] && a[i - 1] === right;
      if (transpositions && swapped) least = Math.min(least, at(before, j - 1) + 1);
      row.push(least);
    }
    before = previous;
    previous = row;
  }
  return at(previous, b.length);
}

const at = (row: number[], position: number): number => row[position] ?? Number.POSITIVE_INFINITY;
