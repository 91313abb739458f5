import type { Target } from "./aggregations/node.ts";
import { runAggregations } from "./aggregations.ts";
import { type ErrorDetail, shardFailure } from "./errors.ts";
import type { Index } from "./indices.ts";
import { ALL, and, type Clause, HITS, type Sql } from "./query/clause.ts";
import { compileQuery } from "./query/compile.ts";
import { type Scores, scoreSql, scoresOf } from "./scoring.ts";
import type { SearchRequest } from "./search-request.ts";
import { remembered, type Snapshot } from "./snapshot.ts";
import {
  afterCondition,
  compareSortValues,
  orderBy,
  parseSearchAfter,
  type ResolvedKey,
  resolveKey,
  SCORE,
  type SortValue,
  sortValueJson,
} from "./sort.ts";
import { filterSource } from "./source-filter.ts";

export type SearchTarget = { index: Index; snapshot: Snapshot };
type Hit = {
  target: SearchTarget;
  order: number;
  doc: number;
  score: number | null;
  sort: SortValue[];
};
type Found = { keys: ResolvedKey[]; hits: Hit[]; total: number };

const DEFAULT_WINDOW = 10_000;

function failed(index: string, reason: string, type = "illegal_argument_exception", status = 400) {
  const cause: ErrorDetail = { type, reason };
  return shardFailure(index, cause, status);
}

function checkWindow(target: SearchTarget, request: SearchRequest): void {
  const name = target.index.name;
  const window = Number(target.index.settings.max_result_window ?? DEFAULT_WINDOW);
  const wanted = request.from + request.size;
  if (wanted > window) {
    throw failed(
      name,
      `Result window is too large, from + size must be less than or equal to: [${window}] but was [${wanted}]. See the scroll api for a more efficient way to request large data sets. This limit can be set by changing the [index.max_result_window] index level setting.`,
    );
  }
  if (!request.searchAfter) return;
  if (request.from > 0) {
    const reason = "`from` parameter must be set to 0 when `search_after` is used.";
    throw failed(name, reason, "search_exception", 500);
  }
  if (request.sort.length === 0) throw failed(name, "Sort must contain at least one field.");
  if (request.searchAfter.length !== request.sort.length) {
    throw failed(
      name,
      `search_after has ${request.searchAfter.length} value(s) but sort has ${request.sort.length}.`,
    );
  }
}

/** Puts the documents of a condition into `temp.hits`, for searches that look at them more than once. */
function materialize(snapshot: Snapshot, where: Sql): void {
  snapshot.db.run("DELETE FROM temp.hits");
  snapshot.db.run(
    `INSERT INTO temp.hits SELECT d.doc FROM docs d WHERE ${where.text}`,
    ...where.params,
  );
}

/** The number of documents is known for a snapshot once it was counted: the pages of one search ask for it again and again. */
function count(snapshot: Snapshot, where: Sql, limit: number): number {
  if (limit < 0) return 0;
  if (where === ALL) return snapshot.count();
  const counted = () => countRows(snapshot, where, limit);
  if (where.text.includes("temp.")) return counted();
  return remembered(snapshot.counts, JSON.stringify([where.text, where.params, limit]), counted);
}

function countRows(snapshot: Snapshot, where: Sql, limit: number): number {
  const sql =
    limit === Number.MAX_SAFE_INTEGER
      ? `SELECT count(*) FROM docs d WHERE ${where.text}`
      : `SELECT count(*) FROM (SELECT 1 FROM docs d WHERE ${where.text} LIMIT ${limit + 1})`;
  return Number(snapshot.db.row(sql, ...where.params)?.[0] ?? 0);
}

/**
 * The index to walk for a page, so that its first documents are found without sorting all that match. SQLite can't know
 * that this is cheaper when many match; `matching` says how many do.
 */
function indexToWalk(
  snapshot: Snapshot,
  [first]: ResolvedKey[],
  limit: number,
  where: Sql,
): string {
  const index = first?.index;
  if (index === undefined) return "";
  const matching = count(snapshot, where, Number.MAX_SAFE_INTEGER);
  const visited = (limit * snapshot.count()) / matching;
  return visited < matching ? ` INDEXED BY ${index}` : "";
}

function selectRows(
  snapshot: Snapshot,
  keys: ResolvedKey[],
  where: Sql,
  limit: number,
  walked = "",
): [number, SortValue[]][] {
  const columns = ["d.doc", ...keys.map((key, i) => `${key.expression} AS k${i}`)];
  const rows = snapshot.db.rows(
    `SELECT ${columns.join(", ")} FROM docs d${walked} WHERE ${where.text} ORDER BY ${orderBy(keys)} LIMIT ${limit}`,
    ...keys.flatMap((key) => key.params),
    ...where.params,
  );
  return rows.map(([doc, ...values]) => [Number(doc), values as SortValue[]]);
}

/** The documents by which a page sorted by score first can be filled: the best ones and all that tie with the last. */
function bestScored(
  documents: number[],
  scores: Scores,
  wanted: number,
  after: SortValue,
): number[] {
  const limit = typeof after === "number" ? after : Number.POSITIVE_INFINITY;
  const allowed = documents.filter((doc) => (scores.get(doc) ?? 0) <= limit);
  if (allowed.length <= wanted) return allowed;
  const below = allowed.map((doc) => scores.get(doc) ?? 0).filter((score) => score < limit);
  below.sort((a, b) => b - a);
  const threshold = below[wanted - 1] ?? Number.NEGATIVE_INFINITY;
  return allowed.filter((doc) => (scores.get(doc) ?? 0) >= threshold);
}

function scoredHits(
  target: SearchTarget,
  order: number,
  request: SearchRequest,
  clause: Clause,
  where: Sql,
  keys: ResolvedKey[],
  after: SortValue[] | undefined,
): Hit[] {
  const { snapshot } = target;
  const scores = scoresOf(snapshot, clause.score);
  for (const [doc, score] of scores) scores.set(doc, Math.fround(score));
  const row = snapshot.db.row(
    `SELECT json_group_array(d.doc) FROM docs d WHERE ${where.text}`,
    ...where.params,
  );
  const documents = JSON.parse(String(row?.[0])) as number[];
  const wanted = request.from + request.size;
  const [first] = keys;
  const byScore = !first || (first.kind === "score" && first.descending);
  const candidates = byScore
    ? bestScored(documents, scores, wanted, after?.[0] ?? null)
    : documents;
  const sorted = keys.some((key) => key.kind !== "score");
  const rows: [number, SortValue[]][] = sorted
    ? selectRows(
        snapshot,
        keys,
        {
          text: "d.doc IN (SELECT j.value FROM json_each(?) j)",
          params: [JSON.stringify(candidates)],
        },
        -1,
      )
    : candidates.map((doc) => [doc, keys.map(() => 0)]);
  const hits = rows.map(([doc, values]): Hit => {
    const score = scores.get(doc) ?? 0;
    const sort = values.map((value, i) => (keys[i]?.kind === "score" ? score : value));
    return { target, order, doc, score, sort };
  });
  const remaining = after
    ? hits.filter((hit) => compareSortValues(keys, hit.sort, after) > 0)
    : hits;
  return remaining.sort(compareHits(keys)).slice(0, wanted);
}

function compareHits(keys: ResolvedKey[]) {
  return (a: Hit, b: Hit): number => {
    const byKeys =
      keys.length === 0 ? (b.score ?? 0) - (a.score ?? 0) : compareSortValues(keys, a.sort, b.sort);
    return byKeys || a.order - b.order || a.doc - b.doc;
  };
}

function searchOne(
  target: SearchTarget,
  order: number,
  request: SearchRequest,
  aggregate: (target: Target) => void,
): Found {
  checkWindow(target, request);
  const { index, snapshot } = target;
  const clause = compileQuery(request.query, index, snapshot);
  const keys = request.sort.map((key) => resolveKey(key, snapshot, index));
  const after = request.searchAfter && parseSearchAfter(request.searchAfter, keys, index.name);
  const wantsScores =
    keys.length === 0 || request.trackScores || keys.some((key) => key.kind === "score");
  const score = wantsScores ? scoreSql(clause, keys) : null;
  const several = score === undefined || request.aggregations.length > 0;
  const base = several && (clause.where !== ALL || score === undefined) ? HITS : clause.where;
  if (base === HITS) materialize(snapshot, clause.where);
  if (request.aggregations.length > 0) aggregate({ index, snapshot, base });
  const where = request.postFilter
    ? and([base, compileQuery(request.postFilter, index, snapshot).where])
    : base;
  const total = count(snapshot, where, request.trackTotalHits);
  if (request.size === 0) return { keys, hits: [], total };
  if (score === undefined) {
    return { keys, hits: scoredHits(target, order, request, clause, where, keys, after), total };
  }
  const byScore = score && { ...SCORE, expression: score.text, params: score.params };
  const scored = keys.map((key) =>
    byScore && key.kind === "score" ? { ...byScore, descending: key.descending } : key,
  );
  const limit = request.from + request.size;
  const page = after ? and([where, afterCondition(scored, after)]) : where;
  const walked = indexToWalk(snapshot, scored, limit, where);
  if (byScore && !scored.some((key) => key.kind === "score")) scored.push(byScore);
  const own = scored.findIndex((key) => key.kind === "score");
  const hits = selectRows(snapshot, scored, page, limit, walked).map(([doc, sort]): Hit => {
    return { target, order, doc, score: own < 0 ? null : Math.fround(Number(sort[own])), sort };
  });
  return { keys, hits, total };
}

/** The shortest decimal that is this 32-bit float, as Java prints it. */
function floatJson(value: number): string {
  for (let digits = 1; digits < 9; digits += 1) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

function hitJson(hit: Hit, keys: ResolvedKey[], request: SearchRequest): string {
  const { snapshot, index } = hit.target;
  const row = snapshot.db.row("SELECT id, version, source FROM src WHERE doc = ?", hit.doc);
  const [id, version, source] = row ?? [];
  const parts = [`"_index":${JSON.stringify(index.name)}`, `"_id":${JSON.stringify(id)}`];
  if (request.showVersion) parts.push(`"_version":${Number(version)}`);
  if (request.showSeqNo) parts.push(`"_seq_no":${hit.doc - 1},"_primary_term":1`);
  parts.push(`"_score":${hit.score === null ? null : floatJson(hit.score)}`);
  const shown = filterSource(String(source), request.source);
  if (shown !== undefined) parts.push(`"_source":${shown}`);
  if (keys.length > 0) {
    const values = keys.map((key, i) => {
      const value = hit.sort[i] ?? null;
      return key.kind === "score" ? floatJson(Number(value)) : sortValueJson(key, value);
    });
    parts.push(`"sort":[${values.join(",")}]`);
  }
  return `{${parts.join(",")}}`;
}

/** The documents that a search would find, all of them, by their number. */
export function matchingDocuments(
  target: SearchTarget,
  query: SearchRequest["query"],
): { id: string; doc: number }[] {
  const { index, snapshot } = target;
  const { where } = compileQuery(query, index, snapshot);
  return snapshot.db
    .rows(
      `SELECT s.id, s.doc FROM docs d JOIN src s ON s.doc = d.doc WHERE ${where.text} ORDER BY s.doc`,
      ...where.params,
    )
    .map(([id, doc]) => ({ id: String(id), doc: Number(doc) }));
}

export function countMatching(targets: SearchTarget[], query: SearchRequest["query"]): number {
  return targets
    .map(({ index, snapshot }) =>
      count(snapshot, compileQuery(query, index, snapshot).where, Number.MAX_SAFE_INTEGER),
    )
    .reduce((sum, one) => sum + one, 0);
}

/**
 * Runs a search over the snapshots of one or several indices and returns the JSON text of the answer. An answer
 * without hits is known for a snapshot once it was computed, as OpenSearch's shards remember theirs until a refresh.
 */
export function search(targets: SearchTarget[], request: SearchRequest, pitId?: string): string {
  const [target] = targets;
  if (request.size > 0 || target === undefined || targets.length > 1) {
    return runSearch(targets, request, pitId);
  }
  return remembered(target.snapshot.answers, JSON.stringify([request, pitId]), () =>
    runSearch(targets, request, pitId),
  );
}

function runSearch(targets: SearchTarget[], request: SearchRequest, pitId?: string): string {
  const started = performance.now();
  const aggregated: Target[] = [];
  const found = targets.map((target, order) =>
    searchOne(target, order, request, (one) => aggregated.push(one)),
  );
  const keys = found[0]?.keys ?? [];
  const hits = found
    .flatMap((one) => one.hits)
    .sort(compareHits(keys))
    .slice(request.from, request.from + request.size);
  const total = found.reduce((sum, one) => sum + one.total, 0);
  const first = found.flatMap((one) => one.hits).map((hit) => hit.score ?? 0);
  const maxScore =
    first.length > 0 && (keys.length === 0 || request.trackScores) ? Math.max(...first) : null;
  const exact = total <= request.trackTotalHits;
  const totalJson =
    request.trackTotalHits < 0
      ? ""
      : `"total":{"value":${exact ? total : request.trackTotalHits},"relation":"${exact ? "eq" : "gte"}"},`;
  const shards = targets.length;
  const parts = [
    `"took":${Math.round(performance.now() - started)}`,
    '"timed_out":false',
    `"_shards":{"total":${shards},"successful":${shards},"skipped":0,"failed":0}`,
    `"hits":{${totalJson}"max_score":${maxScore === null ? null : floatJson(maxScore)},"hits":[${hits.map((hit) => hitJson(hit, keys, request)).join(",")}]}`,
  ];
  if (pitId !== undefined) parts.unshift(`"pit_id":${JSON.stringify(pitId)}`);
  if (request.aggregations.length > 0) {
    parts.push(
      `"aggregations":${JSON.stringify(runAggregations(request.aggregations, aggregated))}`,
    );
  }
  return `{${parts.join(",")}}`;
}
