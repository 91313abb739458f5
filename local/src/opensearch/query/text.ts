import { phrase } from "../analysis/token-encoding.ts";
import type { Field } from "../mapping.ts";
import { figure } from "../snapshot.ts";
import { type Clause, constant, type QueryContext, type Sql } from "./clause.ts";
import { idf } from "./values.ts";

function matching(field: Field, match: string): Sql {
  const table = `t${field.slot}`;
  return { text: `d.doc IN (SELECT rowid FROM ${table} WHERE ${table} MATCH ?)`, params: [match] };
}

/** Documents with these tokens in a row. */
export function textMatches(field: Field, tokens: string[]): Sql {
  return matching(field, phrase(tokens));
}

/** Documents with any, or all, of these tokens, as one full-text expression. */
export function textMatchesEach(field: Field, tokens: string[], operator: "AND" | "OR"): Sql {
  return matching(field, tokens.map((token) => phrase([token])).join(` ${operator} `));
}

/** How many documents of the field have the tokens in a row. */
function frequency(context: QueryContext, field: Field, match: string): number {
  const table = `t${field.slot}`;
  const row = context.snapshot.db.row(
    `SELECT count(*) FROM ${table} WHERE ${table} MATCH ?`,
    match,
  );
  return Number(row?.[0] ?? 0);
}

/** Documents with these tokens in a row, scored by BM25 as Lucene does: the sum of the tokens' rarities. */
export function textClause(
  context: QueryContext,
  field: Field,
  tokens: string[],
  boost: number,
): Clause {
  const match = phrase(tokens);
  const rarity = () => {
    const documents = documentsWith(context, field);
    return tokens
      .map((token) => idf(documents, frequency(context, field, phrase([token]))))
      .reduce((sum, one) => sum + one, 0);
  };
  return {
    where: matching(field, match),
    score: { kind: "text", slot: field.slot, match, idf: rarity, boost },
  };
}

/** Documents in which a token begins with the last of these, after the others in a row; scores 1. */
export function textPrefix(field: Field, tokens: string[], boost: number): Clause {
  return constant(matching(field, `${phrase(tokens)} *`), boost);
}

function documentsWith(context: QueryContext, field: Field): number {
  const table = `t${field.slot}_docsize`;
  return figure(context.snapshot, table, `SELECT count(*) FROM ${table}`);
}
