import { type Clause, type Score, type Sql, UNSCORED } from "./query/clause.ts";
import { figure, type Snapshot } from "./snapshot.ts";

/** Scores of documents by their number; a document that is not in it has none (0 in the answer). */
export type Scores = Map<number, number>;

/**
 * The score of a matching document as SQL, undefined where it takes more: a text's BM25, or numbers whose sum depends
 * on the order in which they are rounded. Where scores differ, only an order by them has a use for it.
 */
export function scoreSql({ score, where }: Clause, keys: { kind: string }[]): Sql | undefined {
  const uniform = uniformScore(score, where);
  if (uniform !== undefined) return { text: String(Math.fround(uniform)), params: [] };
  if (keys.length > 0 && !keys.some(({ kind }) => kind === "score")) return undefined;
  return sumOfWholes(score);
}

/** The score that all matching documents share, undefined when they differ or it takes a look to know. */
function uniformScore(score: Score, where: Sql): number | undefined {
  if (score === UNSCORED) return 0;
  if (score.kind !== "constant") return undefined;
  return score.where.text === "1" || score.where === where ? score.value() : undefined;
}

function sumOfWholes(score: Score): Sql | undefined {
  if (score.kind === "constant") {
    const value = score.value();
    if (!Number.isInteger(value)) return undefined;
    const { text, params } = score.where;
    return { text: `CASE WHEN ${text} THEN ${value} ELSE 0 END`, params };
  }
  if (score.kind !== "sum") return undefined;
  const parts = score.parts.map(sumOfWholes);
  if (!parts.every((part) => part !== undefined)) return undefined;
  return {
    text: `(${["0", ...parts.map(({ text }) => text)].join(" + ")})`,
    params: parts.flatMap(({ params }) => params),
  };
}

/** Two columns of numbers, each as one JSON text: far cheaper than a JavaScript array for each row. */
function pairs(snapshot: Snapshot, sql: string, ...params: (string | number)[]): Scores {
  // FTS5 computes bm25() only in a scan of its own, hence MATERIALIZED.
  const row = snapshot.db.row(
    `WITH found AS MATERIALIZED (${sql}) SELECT json_group_array(a), json_group_array(b) FROM found`,
    ...params,
  );
  const documents = JSON.parse(String(row?.[0])) as number[];
  const values = JSON.parse(String(row?.[1])) as number[];
  const scores: Scores = new Map();
  documents.forEach((document, i) => void scores.set(document, values[i] ?? 0));
  return scores;
}

/**
 * BM25 of one term or phrase. FTS5 has Lucene's formula and constants but another measure of rarity, which
 * is taken out and replaced; only Lucene's rounding of lengths above 40 tokens is not followed.
 */
function textScores(snapshot: Snapshot, score: Score & { kind: "text" }): Scores {
  const table = `t${score.slot}`;
  const documents = figure(snapshot, `${table}_docsize`, `SELECT count(*) FROM ${table}_docsize`);
  const matching = Number(
    snapshot.db.row(`SELECT count(*) FROM ${table} WHERE ${table} MATCH ?`, score.match)?.[0] ?? 0,
  );
  if (matching === 0) return new Map();
  const rarity = Math.log((documents - matching + 0.5) / (matching + 0.5));
  const factor = (-score.boost * score.idf()) / (rarity <= 0 ? 1e-6 : rarity);
  return pairs(
    snapshot,
    `SELECT rowid AS a, bm25(${table}) * ? AS b FROM ${table} WHERE ${table} MATCH ? AND +rowid IN temp.hits`,
    factor,
    score.match,
  );
}

function constantScores(snapshot: Snapshot, score: Score & { kind: "constant" }): Scores {
  const sql = `SELECT d.doc AS a, 1 AS b FROM docs d WHERE d.doc IN temp.hits AND ${score.where.text}`;
  const row = snapshot.db.row(`SELECT json_group_array(a) FROM (${sql})`, ...score.where.params);
  const value = score.value();
  return new Map((JSON.parse(String(row?.[0])) as number[]).map((document) => [document, value]));
}

function merge(parts: Scores[], join: (sum: number, one: number) => number): Scores {
  const [first = new Map(), ...rest] = parts;
  for (const part of rest) {
    for (const [document, score] of part) {
      const before = first.get(document);
      first.set(document, before === undefined ? score : join(before, score));
    }
  }
  return first;
}

/** The scores of the documents in `temp.hits`. */
export function scoresOf(snapshot: Snapshot, score: Score): Scores {
  switch (score.kind) {
    case "text":
      return textScores(snapshot, score);
    case "constant":
      return constantScores(snapshot, score);
    case "sum":
      return merge(
        score.parts.map((part) => scoresOf(snapshot, part)),
        (sum, one) => sum + one,
      );
    case "max": {
      const parts = score.parts.map((part) => scoresOf(snapshot, part));
      if (score.tieBreaker === 0) return merge(parts, Math.max);
      const tie = score.tieBreaker;
      const best = merge(
        parts.map((part) => new Map(part)),
        Math.max,
      );
      const sums = merge(parts, (sum, one) => sum + one);
      for (const [document, top] of best) {
        best.set(document, top + tie * ((sums.get(document) ?? 0) - top));
      }
      return best;
    }
  }
}
